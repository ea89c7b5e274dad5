/**
 * The lines of a hub as a store: what is held, what the connection does, and a way to hear of changes. It knows no
 * framework; `useLogStream` is a few lines over it.
 *
 *     hub ─▶ LiveReader ─▶ shown lines (at most maxLines, the oldest go)
 *                     └──▶ held lines while paused (as many) ─▶ shown on resume
 */

import { type ConnectionOptions, createHubClient, type HubTailOptions, type LogFilters } from '@flywatch/client';
import type { Level } from '@flywatch/core';
import { ChunkedList } from '../list/chunked-list.ts';
import { appendGrouped } from './group-lines.ts';
import { linesOf, type StreamItem, type StreamState } from './items.ts';
import { DEFAULT_BATCH_MS, LiveReader } from './live-reader.ts';

export interface LogStreamOptions extends ConnectionOptions, LogFilters {
  /** Begin with the last so many lines, 0 to 10,000. @defaultValue 500 */
  readonly tail?: number | undefined;
  /** Lines held; the oldest go, and are counted. @defaultValue 10000 */
  readonly maxLines?: number | undefined;
  /** Least time between two updates, in milliseconds. @defaultValue 100 */
  readonly batchMs?: number | undefined;
  /** For tests and for other transports. @defaultValue the tail of a hub client */
  readonly openTail?: ((options: HubTailOptions) => ReturnType<ReturnType<typeof createHubClient>['tail']>) | undefined;
}

/** What came while the stream was paused. */
export interface HeldCounts {
  readonly lines: number;
  readonly byLevel: Readonly<Partial<Record<Level, number>>>;
}

/** How the stream is at a moment. A new object after each change; the list in it never changes. */
export interface LogStreamSnapshot {
  readonly logs: ChunkedList<StreamItem>;
  readonly state: StreamState;
  readonly connected: boolean;
  readonly paused: boolean;
  readonly held: HeldCounts;
  /** Lines that came since the stream was made. */
  readonly linesReceived: number;
  /** Lines that went because there were more than `maxLines`. */
  readonly linesDropped: number;
}

export interface LogStream {
  getSnapshot(): LogStreamSnapshot;
  /** Calls back after each change. The first subscriber connects, the last one to leave disconnects; the place is kept. */
  subscribe(listener: () => void): () => void;
  pause(): void;
  resume(): void;
  /** Takes all lines off; the stream goes on. */
  clear(): void;
  /** Begins again with other filters. */
  setFilters(filters: LogFilters): void;
  /** Tries at once instead of waiting for the next try. */
  reconnect(): void;
}

const DEFAULT_TAIL = 500;
const DEFAULT_MAX_LINES = 10_000;
const NO_LINES: ChunkedList<StreamItem> = ChunkedList.from<StreamItem>();
const NOTHING_HELD: HeldCounts = Object.freeze({ lines: 0, byLevel: Object.freeze({}) });

/** Before anything happened, and on a server. */
export const INITIAL_SNAPSHOT: LogStreamSnapshot = Object.freeze<LogStreamSnapshot>({
  logs: NO_LINES,
  state: { type: 'idle' },
  connected: false,
  paused: false,
  held: NOTHING_HELD,
  linesReceived: 0,
  linesDropped: 0,
});

/** A stream of a hub's lines. Nothing is sent before somebody subscribes; options that cannot be right throw here. */
export function createLogStream(options: LogStreamOptions = {}): LogStream {
  return new HubLogStream(options);
}

class HubLogStream implements LogStream {
  readonly #openTail: NonNullable<LogStreamOptions['openTail']>;
  readonly #tailLines: number;
  readonly #maxLines: number;
  readonly #batchMs: number;
  readonly #listeners = new Set<() => void>();
  #filters: LogFilters;
  #snapshot: LogStreamSnapshot = INITIAL_SNAPSHOT;
  /** What came while paused, not shown yet. */
  #held: ChunkedList<StreamItem> = NO_LINES;
  #reader: LiveReader;

  constructor(options: LogStreamOptions) {
    const { tail = DEFAULT_TAIL, maxLines = DEFAULT_MAX_LINES, batchMs = DEFAULT_BATCH_MS } = options;
    assertCount('maxLines', maxLines, 1);
    assertCount('batchMs', batchMs, 0);
    this.#openTail = options.openTail ?? createHubClient(options).tail;
    this.#tailLines = tail;
    this.#maxLines = maxLines;
    this.#batchMs = batchMs;
    this.#filters = filtersOf(options);
    // A tail sends nothing until it is read: this one says what is wrong with the options, here and not later.
    this.#openTail({ ...this.#filters, tail });
    this.#reader = this.#createReader();
  }

  getSnapshot = (): LogStreamSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#reader.start();
    return () => {
      this.#listeners.delete(listener);
      // Not at once: StrictMode leaves and comes back within the same task.
      queueMicrotask(() => {
        if (this.#listeners.size === 0) this.#reader.stop();
      });
    };
  };

  pause = (): void => {
    if (!this.#snapshot.paused) this.#set({ paused: true });
  };

  resume = (): void => {
    if (!this.#snapshot.paused) return;
    const held = this.#held;
    this.#held = NO_LINES;
    this.#set({ paused: false, held: NOTHING_HELD, ...this.#capped(appendGrouped(this.#snapshot.logs, [...held])) });
  };

  clear = (): void => {
    this.#held = NO_LINES;
    this.#set({ logs: NO_LINES, held: NOTHING_HELD });
  };

  setFilters = (filters: LogFilters): void => {
    const next = filtersOf(filters);
    this.#openTail({ ...next, tail: this.#tailLines });
    this.#reader.stop();
    this.#filters = next;
    this.#held = NO_LINES;
    this.#reader = this.#createReader();
    this.#set({ ...INITIAL_SNAPSHOT, paused: this.#snapshot.paused });
    if (this.#listeners.size > 0) this.#reader.start();
  };

  reconnect = (): void => {
    if (this.#listeners.size > 0 && !this.#snapshot.connected) {
      this.#reader.stop();
      this.#reader.start();
    }
  };

  #createReader(): LiveReader {
    const filters = this.#filters;
    const reader = new LiveReader({
      open: (after, signal) => {
        const begin = after === undefined ? { tail: this.#tailLines } : { after };
        return this.#openTail({ ...filters, ...begin, signal, retryFirst: true });
      },
      batchMs: this.#batchMs,
      onBatch: (items) => this.#reader === reader && this.#take(items),
      onUpdate: (item) => this.#reader === reader && this.#update(item),
      onState: (state) => this.#reader === reader && this.#set({ state, connected: state.type === 'open' }),
    });
    return reader;
  }

  #take(items: readonly StreamItem[]): void {
    const linesReceived = this.#snapshot.linesReceived + items.reduce((sum, item) => sum + linesOf(item), 0);
    if (!this.#snapshot.paused) {
      this.#set({ linesReceived, ...this.#capped(appendGrouped(this.#snapshot.logs, items)) });
      return;
    }
    const { logs, linesDropped } = this.#capped(this.#held.append(items));
    this.#held = logs;
    this.#set({ linesReceived, linesDropped, held: countHeld(this.#snapshot.held, items) });
  }

  #update(band: StreamItem): void {
    this.#held = replaceKey(this.#held, band);
    this.#set({ logs: replaceKey(this.#snapshot.logs, band) });
  }

  #capped(list: ChunkedList<StreamItem>): Pick<LogStreamSnapshot, 'logs' | 'linesDropped'> {
    let { linesDropped } = this.#snapshot;
    const tooMany = Math.max(0, list.length - this.#maxLines);
    for (const item of list.between(list.first, list.first + tooMany)) linesDropped += linesOf(item);
    return { logs: list.dropFirst(tooMany), linesDropped };
  }

  #set(change: Partial<LogStreamSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** A band stands near the end when it changes: so many items are looked at. */
const BAND_LOOK_BACK = 20_000;

/** The list with the item of this key replaced; the same list where it is not, or no longer, there. */
export function replaceKey(list: ChunkedList<StreamItem>, item: StreamItem): ChunkedList<StreamItem> {
  for (let at = list.end - 1; at >= Math.max(list.first, list.end - BAND_LOOK_BACK); at--) {
    if (list.at(at)!.key === item.key) return list.replace(at, item);
  }
  return list;
}

function countHeld(held: HeldCounts, items: readonly StreamItem[]): HeldCounts {
  const byLevel = { ...held.byLevel };
  let { lines } = held;
  for (const item of items) {
    if (item.type !== 'line') continue;
    lines++;
    byLevel[item.event.level] = (byLevel[item.event.level] ?? 0) + 1;
  }
  return { lines, byLevel };
}

function filtersOf({ level, app, instance, region, provider, source, host, q }: LogFilters): LogFilters {
  return { level, app, instance, region, provider, source, host, q };
}

function assertCount(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new TypeError(`${name}: expected a whole number of at least ${least}, not ${value}`);
}
