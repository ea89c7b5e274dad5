/** Files that may still be in the making: judged when they have kept their size for a while. */

import { MAX_FILES, SETTLE_MS } from './limits.ts';

export class Settling {
  readonly #files = new Map<string, { readonly size: number; readonly sinceMs: number }>();

  /** Whether a file has had this size for long enough. */
  isSettled(key: string, size: number, nowMs: number): boolean {
    const known = this.#files.get(key);
    if (known?.size === size) {
      if (nowMs - known.sinceMs < SETTLE_MS) return false;
      this.#files.delete(key);
      return true;
    }
    if (this.#files.size >= MAX_FILES) this.#files.clear();
    this.#files.set(key, { size, sinceMs: nowMs });
    return false;
  }
}
