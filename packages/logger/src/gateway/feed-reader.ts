/** One reader of the gateway: a position in the feed, and a socket that says how much it takes. */

import type { WebSocket } from 'ws';
import { READER_BUFFER_BYTES, READER_FLUSH_MS, STALLED_MS } from '../limits.ts';
import type { ReaderParams } from './admission.ts';
import { compileFeedFilter, type LogFeed } from './log-feed.ts';

/** RFC 6455, section 7.4.1: the reader took nothing for too long. */
const POLICY_VIOLATION = 1008;

export class FeedReader {
  /** Whether the peer has said something since the last ping. */
  heard = true;
  readonly socket: WebSocket;
  readonly #feed: LogFeed;
  readonly #matches: ReturnType<typeof compileFeedFilter>;
  readonly #stop: () => void;
  #next: number;
  #timer: NodeJS.Timeout | undefined;
  #stalledMs = 0;

  constructor(socket: WebSocket, feed: LogFeed, params: ReaderParams) {
    this.socket = socket;
    this.#feed = feed;
    this.#matches = compileFeedFilter(params);
    this.#next = this.#begin(params);
    this.#stop = feed.listen(() => this.#soon());
    socket.on('message', (data, isBinary) => {
      this.heard = true;
      if (!isBinary && isPing(String(data))) this.#sendObject({ type: 'pong' });
    });
    socket.on('pong', () => {
      this.heard = true;
    });
    socket.on('close', () => {
      this.#stop();
      clearTimeout(this.#timer);
    });
    // Broken frames and resets; `close` follows.
    socket.on('error', () => {});
    this.#send();
  }

  #begin({ after, tail }: ReaderParams): number {
    const { run, oldest, next } = this.#feed;
    if (after === undefined) return this.#feed.lastMatching(tail, this.#matches);
    if (after.run === run) return Math.min(after.number + 1, next);
    this.#sendObject({ type: 'gap', count: null, reason: 'restarted' });
    return oldest;
  }

  /** Many lines, one write. */
  #soon(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#send();
    }, READER_FLUSH_MS);
    this.#timer.unref();
  }

  /** As much as the socket takes; what is left comes with the next turn. */
  #send(): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    const missed = this.#feed.oldest - this.#next;
    if (missed > 0 && socket.bufferedAmount < READER_BUFFER_BYTES) {
      this.#next = this.#feed.oldest;
      this.#sendObject({ type: 'gap', count: missed, reason: 'lagged' });
    }
    const begin = this.#next;
    while (this.#next < this.#feed.next && socket.bufferedAmount < READER_BUFFER_BYTES) {
      const line = this.#feed.at(this.#next);
      if (line === undefined) break;
      this.#next++;
      if (this.#matches(line)) socket.send(line.json, ignoreFailure);
    }
    if (this.#next === this.#feed.next) this.#stalledMs = 0;
    else this.#wait(this.#next > begin);
  }

  #wait(hasMoved: boolean): void {
    this.#stalledMs = hasMoved ? 0 : this.#stalledMs + READER_FLUSH_MS;
    if (this.#stalledMs > STALLED_MS) {
      this.socket.close(POLICY_VIOLATION, 'no progress');
      this.socket.terminate();
    } else this.#soon();
  }

  #sendObject(object: object): void {
    this.socket.send(JSON.stringify(object), ignoreFailure);
  }
}

/** A socket that has failed says so by `close`. */
const ignoreFailure = () => {};

function isPing(text: string): boolean {
  try {
    return (JSON.parse(text) as { type?: unknown } | null)?.type === 'ping';
  } catch {
    // Whatever it is, it asks for nothing.
    return false;
  }
}
