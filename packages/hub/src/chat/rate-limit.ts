/** Questions a minute and client, over a window that slides. */

export interface RateLimitOptions {
  readonly perMinute: number;
  /** Clients that are remembered; beyond it who asked longest ago is forgotten. */
  readonly maxClients: number;
}

const WINDOW_MS = 60_000;

export class RateLimit {
  readonly #options: RateLimitOptions;
  /** Times of questions, oldest first; the clients in the order of their last question. */
  readonly #asked = new Map<string, number[]>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** Counts a question; milliseconds to wait where it is one too many, which is then not counted. */
  take(client: string, nowMs: number): number {
    const times = (this.#asked.get(client) ?? []).filter((time) => time > nowMs - WINDOW_MS);
    const isOver = times.length >= this.#options.perMinute;
    if (!isOver) times.push(nowMs);
    this.#asked.delete(client);
    this.#asked.set(client, times);
    if (this.#asked.size > this.#options.maxClients) this.#asked.delete(this.#asked.keys().next().value!);
    return isOver ? times[0]! + WINDOW_MS - nowMs : 0;
  }
}
