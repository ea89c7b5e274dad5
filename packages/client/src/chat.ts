/** A question to the hub's assistant, and what happens on the way to its answer: `POST /chat` as an event stream. */

import type { Connection, HubRequest } from './connection.ts';
import { HubError, HubUnreachableError } from './errors.ts';
import { SseParser } from './sse-parser.ts';
import type { Timers } from './timers.ts';

export interface ChatQuestion {
  readonly message: string;
  /** Of the answer that this one follows. */
  readonly conversationId?: string | undefined;
  /** Another model than the hub's own. */
  readonly model?: string | undefined;
}

export interface ChatAnswer {
  /** The answer as a whole, in Markdown. Cited lines stand in it as `#ID`. */
  readonly response: string;
  readonly model: string;
  /** In the order of the calls, `get_logs({"count":100})`. */
  readonly tools_called: readonly string[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
    /** Where the provider does not say. */
    readonly estimated?: true;
  };
  /** Where the provider reports it. */
  readonly cost?: { readonly total_cost_usd: number };
  readonly processing_time_ms: number;
  readonly conversation_id: string;
}

export type ChatEvent =
  | { readonly type: 'text'; readonly delta: string }
  | { readonly type: 'tool_call'; readonly id: string; readonly name: string; readonly arguments: unknown }
  | {
      readonly type: 'tool_result';
      readonly id: string;
      readonly name: string;
      /** Whether the tool could answer; else `result` says why not. */
      readonly ok: boolean;
      readonly result: string;
    }
  /** The last one of a question that was answered. */
  | { readonly type: 'done'; readonly answer: ChatAnswer };

/** The hub says that it has begun at once, and pings every 15 s: what is silent for so long is gone. */
const SILENCE_MS = 60_000;

/**
 * The events of one question, in pieces as they arrive. Ends after `done`; leaving it early stops the hub's work on the answer.
 * @throws {HubError} in the hub's words, also where it fails on the way; {@link HubUnreachableError} where the stream breaks off
 */
export async function* askChat(
  connection: Connection,
  { message, conversationId, model }: ChatQuestion,
  { signal, timers, timeoutMs }: { signal?: AbortSignal | undefined; timers: Timers; timeoutMs: number },
): AsyncGenerator<readonly ChatEvent[], void> {
  const request: HubRequest = {
    method: 'POST',
    path: 'chat',
    headers: { Accept: 'text/event-stream', 'Content-Type': 'application/json' },
    body: JSON.stringify({ message, model, conversation_id: conversationId }),
  };
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal?.addEventListener('abort', abort);
  const broken = (detail: string, cause?: unknown) =>
    new HubUnreachableError(detail, { url: connection.describe(request.path), cause });
  try {
    const response = await connection.open(request, controller, timers, timeoutMs);
    if (!response.ok) throw await connection.failure(response, request, controller, timers, timeoutMs);
    if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw connection.unexpected(response, request, 'something that is no event stream');
    const reader = response.body.getReader();
    const parser = new SseParser();
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for (;;) {
      const cancelTimeout = timers.after(SILENCE_MS, abort);
      const { done, value } = await reader.read().finally(cancelTimeout);
      if (done) throw broken('the answer broke off');
      const events: ChatEvent[] = [];
      let failure: HubError | undefined;
      for (const item of parser.push(decoder.decode(value, { stream: true }))) {
        const happened = item.type === 'event' ? parseEvent(item.event, item.data) : undefined;
        if (happened?.type === 'error')
          failure = new HubError(happened.error, { ...happened, url: connection.describe(request.path) });
        else if (happened !== undefined) events.push(happened);
      }
      // What was said before it failed counts all the same.
      if (events.length > 0) yield events;
      if (failure !== undefined) throw failure;
      if (events.at(-1)?.type === 'done') return;
    }
  } catch (failure) {
    signal?.throwIfAborted();
    if (failure instanceof HubError || failure instanceof HubUnreachableError) throw failure;
    throw broken(controller.signal.aborted ? `nothing for ${SILENCE_MS} ms` : 'the answer broke off', failure);
  } finally {
    signal?.removeEventListener('abort', abort);
    controller.abort();
  }
}

interface ChatFailure {
  readonly type: 'error';
  readonly error: string;
  readonly code: string;
  readonly status: number;
}

/** An event of the wire; none where this client does not know it, since a newer hub may say more. */
function parseEvent(name: string, data: string): ChatEvent | ChatFailure | undefined {
  const value = JSON.parse(data) as object;
  if (name === 'done') return { type: 'done', answer: value as ChatAnswer };
  if (!['text', 'tool_call', 'tool_result', 'error'].includes(name)) return undefined;
  return { ...value, type: name } as ChatEvent | ChatFailure;
}
