/** What the questions since the start have used: `GET /usage`, with seed 000's names. */

import type { ChatUsage } from './answer.ts';

export class UsageTotals {
  readonly #startedAtMs: number;
  #requests = 0;
  #failed = 0;
  #withTools = 0;
  #prompt = 0;
  #completion = 0;
  #costUsd = 0;
  #timeMs = 0;

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** Counts a question that went to the model, answered or not. */
  add({ usage, costUsd, toolCalls, timeMs, failed }: UsedByQuestion): void {
    this.#requests++;
    if (failed) this.#failed++;
    if (toolCalls > 0) this.#withTools++;
    this.#prompt += usage.prompt_tokens;
    this.#completion += usage.completion_tokens;
    this.#costUsd += costUsd;
    this.#timeMs += timeMs;
  }

  read(nowMs: number): object {
    return {
      total_requests: this.#requests,
      failed_requests: this.#failed,
      total_tokens: this.#prompt + this.#completion,
      total_prompt_tokens: this.#prompt,
      total_completion_tokens: this.#completion,
      total_cost_usd: this.#costUsd,
      average_processing_time_ms: this.#requests === 0 ? 0 : Math.round(this.#timeMs / this.#requests),
      requests_with_tools: this.#withTools,
      period_start: new Date(this.#startedAtMs).toISOString(),
      period_end: new Date(nowMs).toISOString(),
    };
  }
}

export interface UsedByQuestion {
  readonly usage: ChatUsage;
  readonly costUsd: number;
  readonly toolCalls: number;
  readonly timeMs: number;
  readonly failed: boolean;
}
