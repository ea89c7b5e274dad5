/**
 * Lines per second by the hub's clock: the page's may be wrong, and the lines that a connection begins with came earlier
 * than they arrive here.
 */

const WINDOW_S = 5;

export class RateMeter {
  /** Events per second of the hub's clock, the newest few seconds only. */
  #counts = new Map();
  #newestMs = 0;
  /** The page's clock minus the hub's, by the freshest event seen. */
  #offsetMs = Number.POSITIVE_INFINITY;

  take(receivedAt) {
    const ms = Date.parse(receivedAt);
    if (Number.isNaN(ms)) return;
    this.#offsetMs = Math.min(this.#offsetMs, Date.now() - ms);
    this.#newestMs = Math.max(this.#newestMs, ms);
    const second = Math.floor(ms / 1000);
    this.#counts.set(second, (this.#counts.get(second) ?? 0) + 1);
    if (this.#counts.size <= 2 * WINDOW_S) return;
    for (const old of this.#counts.keys()) if (old < this.#newestMs / 1000 - WINDOW_S - 2) this.#counts.delete(old);
  }

  /** Over the last whole seconds. */
  get perSecond() {
    const now = Math.floor((Date.now() - this.#offsetMs) / 1000);
    let sum = 0;
    for (let second = now - WINDOW_S; second < now; second++) sum += this.#counts.get(second) ?? 0;
    return sum / WINDOW_S;
  }

  clear() {
    this.#counts.clear();
  }
}
