/** One POST and its answer: the contract of `#runtime/request`, which each runtime meets with what is cheap there. */

import type { HubAnswer } from '@flywatch/core';
import { POST_TIMEOUT_MS, SILENCE_TIMEOUT_MS, SLOWEST_BYTES_PER_MS } from './limits.ts';

/** One connection that is kept, over which requests go one after the other: a hub sees one connection an agent. */
export interface Connection {
  /** Rejects where no answer came; with the code ECONNRESET where a kept connection turned out to be closed. */
  post(path: string, headers: Readonly<Record<string, string>>, body: Buffer, signal: AbortSignal): Promise<HubAnswer>;
  close(): void;
}

/** How long a post of so many bytes may take. A peer that takes or gives a byte now and then is as good as none. */
export function postLimitMs(bytes: number): number {
  return Math.min(POST_TIMEOUT_MS, SILENCE_TIMEOUT_MS + bytes / SLOWEST_BYTES_PER_MS);
}
