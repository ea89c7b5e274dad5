/**
 * One live stream that survives what happens to connections.
 *
 *   connecting ──▶ open ──▶ waiting ──▶ connecting ──▶ …       (network, 5xx, silence, a restart of the hub)
 *       └───────────────────▶ refused                          (400, 401, 403: trying again would change nothing)
 *
 * It is `fetch` and not EventSource: that one hides status codes and pings, and gives up for good at the first 502.
 */

import { SseReader } from './sse.js';

/** The hub pings every 12 s: a connection without a byte for so long is dead, whatever the socket says. */
const SILENCE_MS = 40_000;
const WATCH_EVERY_MS = 2_000;

const BACKOFF_BASE_MS = 250;
/** After a night without network, somebody who looks again need not wait longer; `r` does not wait at all. */
const BACKOFF_CAP_MS = 30_000;

/** Statuses that another try would not change. */
const FINAL = new Set([400, 401, 403, 404, 405, 414, 426, 431]);

export class LiveStream {
  #address;
  #on;
  #cursor;
  #stopped = false;
  #attempt;
  #wake;
  #failures = 0;
  #retryMs = 1000;
  #lastByteAt = 0;

  /**
   * @param address - path and query of the stream.
   * @param on - what to call: `state({state, ...})`, `open(isResumed)`, `block(block)`, `refused({status, code, message})`.
   */
  constructor(address, on) {
    this.#address = address;
    this.#on = on;
  }

  start() {
    void this.#run();
  }

  stop() {
    this.#stopped = true;
    this.#attempt?.abort();
    this.#wake?.();
  }

  /** Does not wait any longer; does nothing while connected. */
  tryNow() {
    this.#wake?.();
  }

  async #run() {
    while (!this.#stopped) {
      this.#on.state({ state: 'connecting', tries: this.#failures });
      const ending = await this.#once();
      if (this.#stopped) return;
      if (ending.refused !== undefined) {
        this.#on.refused(ending.refused);
        return;
      }
      const delay = this.#nextDelay(ending.afterMs);
      this.#on.state({ state: 'waiting', tries: this.#failures, untilMs: Date.now() + delay, why: ending.why });
      await this.#sleep(delay);
    }
  }

  /** One connection from its request to its end. */
  async #once() {
    const attempt = new AbortController();
    this.#attempt = attempt;
    this.#lastByteAt = Date.now();
    let silent = false;
    const resumesAfter = this.#cursor;
    // The wall clock, not a timer of 40 s: timers stand still while a laptop sleeps.
    const watch = setInterval(() => {
      if (Date.now() - this.#lastByteAt < SILENCE_MS) return;
      silent = true;
      attempt.abort();
    }, WATCH_EVERY_MS);
    try {
      const response = await fetch(this.#address, {
        headers: { accept: 'text/event-stream', ...(resumesAfter && { 'last-event-id': resumesAfter }) },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: attempt.signal,
      });
      if (!response.ok) return await this.#judge(response);
      if (!(response.headers.get('content-type') ?? '').startsWith('text/event-stream')) {
        attempt.abort();
        return { why: 'something else than the hub answers' };
      }
      this.#on.open(resumesAfter !== undefined);
      this.#on.state({ state: 'open' });
      await this.#read(response.body);
      return { why: 'the hub ended the stream' };
    } catch {
      // Whatever it was (refused, reset, aborted by the watch): the next try will tell more.
      return { why: silent ? `nothing came for ${SILENCE_MS / 1000} s` : 'the hub cannot be reached' };
    } finally {
      clearInterval(watch);
    }
  }

  async #judge(response) {
    let words;
    try {
      words = await response.json();
    } catch {
      // A proxy's page: the status has to do.
    }
    const message = typeof words?.error === 'string' ? words.error : `the hub answered ${response.status}`;
    if (words?.code === 'bad_event_id' && this.#cursor !== undefined) {
      // The place to resume from is not understood any more: start over, which the hub answers with the newest lines.
      this.#cursor = undefined;
      return { why: message };
    }
    if (FINAL.has(response.status)) {
      return { refused: { status: response.status, code: String(words?.code ?? ''), message } };
    }
    const seconds = Number(response.headers.get('retry-after'));
    return { why: message, afterMs: seconds > 0 ? Math.min(seconds * 1000, BACKOFF_CAP_MS) : 0 };
  }

  async #read(body) {
    const reader = new SseReader();
    const decoder = new TextDecoder();
    const chunks = body.getReader();
    for (;;) {
      const { done, value } = await chunks.read();
      if (done || this.#stopped) return;
      this.#lastByteAt = Date.now();
      for (const block of reader.push(decoder.decode(value, { stream: true }))) {
        if (block.retry !== undefined) this.#retryMs = block.retry;
        if (block.id !== undefined) {
          this.#cursor = block.id;
          this.#failures = 0;
        }
        this.#on.block(block);
        if (this.#stopped) return;
      }
    }
  }

  /** What the hub asked for, and on top of it a random part, so that all its readers do not come back at once. */
  #nextDelay(afterMs = 0) {
    const floor = Math.max(this.#retryMs, afterMs);
    const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(this.#failures, 20));
    this.#failures++;
    return Math.round(floor + Math.random() * Math.max(ceiling, floor / 2));
  }

  #sleep(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).finally(() => {
      this.#wake = undefined;
    });
  }
}
