/** What a question comes to, on the wire: seed 000's answer, and the events of its stream. */

export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

export interface ChatAnswer {
  readonly response: string;
  /** As it was asked for. */
  readonly model: string;
  /** In the order of the calls, `get_logs({"count":100})`. */
  readonly tools_called: readonly string[];
  /** Of all rounds; estimated where the provider does not say, which `estimated` tells. */
  readonly usage: ChatUsage & { readonly estimated?: true };
  /** Where the provider reports it. */
  readonly cost?: { readonly total_cost_usd: number };
  readonly processing_time_ms: number;
  readonly conversation_id: string;
}

/** What happens on the way to an answer. */
export type ChatEvent =
  | { readonly event: 'text'; readonly data: { readonly delta: string } }
  | {
      readonly event: 'tool_call';
      readonly data: { readonly id: string; readonly name: string; readonly arguments: unknown };
    }
  | {
      readonly event: 'tool_result';
      readonly data: { readonly id: string; readonly name: string; readonly ok: boolean; readonly result: string };
    };
