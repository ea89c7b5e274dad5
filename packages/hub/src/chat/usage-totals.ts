/**
 * What all questions have used: `GET /usage`, with seed 000's names. The totals lie in the hub's state, written with each question: one
 * of those takes seconds and costs money, beside which a small file is nothing.
 */

import { formatTimeMs } from '@flywatch/core';
import type { HubState } from '../state/hub-state.ts';
import { newUsage, type StoredUsage } from '../state/stored-usage.ts';
import type { ChatUsage } from './answer.ts';

export class UsageTotals {
  readonly #state: HubState;
  readonly #totals: StoredUsage;

  constructor(state: HubState, nowMs: number) {
    this.#state = state;
    state.data.usage ??= newUsage(nowMs);
    this.#totals = state.data.usage;
  }

  /** Counts a question that went to the model, answered or not. */
  add({ usage, costUsd, toolCalls, timeMs, failed }: UsedByQuestion): void {
    const totals = this.#totals;
    totals.requests++;
    if (failed) totals.failed++;
    if (toolCalls > 0) totals.withTools++;
    totals.promptTokens += usage.prompt_tokens;
    totals.completionTokens += usage.completion_tokens;
    totals.costUsd += costUsd;
    totals.timeMs += timeMs;
    // The answer does not wait for it; that the file cannot be written is said by the state itself.
    void this.#state.save();
  }

  read(nowMs: number): object {
    const { sinceMs, requests, failed, withTools, promptTokens, completionTokens, costUsd, timeMs } = this.#totals;
    return {
      total_requests: requests,
      failed_requests: failed,
      total_tokens: promptTokens + completionTokens,
      total_prompt_tokens: promptTokens,
      total_completion_tokens: completionTokens,
      total_cost_usd: costUsd,
      average_processing_time_ms: requests === 0 ? 0 : Math.round(timeMs / requests),
      requests_with_tools: withTools,
      since: formatTimeMs(sinceMs),
      period_start: formatTimeMs(sinceMs),
      period_end: formatTimeMs(nowMs),
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
