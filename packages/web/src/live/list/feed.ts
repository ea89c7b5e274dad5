/**
 * The lines of a search: history and live as one list, in which no line is missing and none is twice.
 *
 *     older pages ◀── first page ── … ──▶ newer pages ──▶ live
 *     until H                        │        until H      after H
 *
 * Everything that arrived up to an id H comes from history, everything after it from the stream. So it does not matter how
 * late a line is or in which order times run: each line is on one side. H is the greatest id of the first page, which had
 * all there was at that moment.
 *
 * A feed that begins at a line (a permalink) reads pages in both directions and becomes live where the newer ones end.
 * A range that stands still has no live part.
 */

import { HubError } from '@flywatch/client';
import type { FlatEvent, Level } from '@flywatch/core';
import {
  appendGrouped,
  ChunkedList,
  groupLines,
  LiveReader,
  linesOf,
  replaceKey,
  type StreamItem,
  type StreamState,
} from '@flywatch/react';
import { hub } from '../../app/hub.ts';
import { sessionEnded } from '../../app/session.ts';
import type { Arrivals } from '../arrivals.ts';
import { type Range, rangeMoments } from '../view.ts';
import { type Failure, failureOf, isPassing } from './failure.ts';
import { FeedBounds } from './feed-bounds.ts';
import { type GapProgress, loadGap } from './gap-loader.ts';
import { askLine, askPage, FIRST_PAGE_LINES, greatestId, PAGE_LINES } from './history-page.ts';
import { Wait } from './wait.ts';

export interface FeedOptions {
  readonly q: string;
  readonly range: Range;
  /** Begin at this line instead of the newest. */
  readonly line: string | undefined;
  readonly arrivals: Arrivals;
}

/** One side of the list: whether more can be had there. */
export type Side = 'idle' | 'loading' | 'end' | 'failed' | 'full';

export interface FeedSnapshot {
  readonly items: ChunkedList<StreamItem>;
  readonly lines: number;
  /** Whether the first page has come, or will not. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | undefined;
  readonly older: Side;
  /** `live` where the end of the list is now. */
  readonly newer: Side | 'live';
  readonly state: StreamState;
  readonly following: boolean;
  readonly pausedAtMs: number | undefined;
  /** What came since the pause. */
  readonly held: { readonly lines: number; readonly byLevel: Readonly<Partial<Record<Level, number>>> };
  /** Whether so much came while paused that reading was stopped: the rest is fetched on resume. */
  readonly isFull: boolean;
  /** The line that was asked for is not held by the hub. */
  readonly isLineGone: boolean;
  readonly gaps: ReadonlyMap<string, GapProgress>;
  /** The last time that lines were put between others: those before them have new positions. */
  readonly inserted: { readonly at: number; readonly count: number; readonly version: number };
}

/**
 * Somebody looks at the page, and waits for it. The hub says something every 12 s at least: after 20 s of nothing the network is
 * gone, though nobody has closed the connection.
 */
const WATCHED = { silenceTimeoutMs: 20_000, backoffCapMs: 10_000 } as const;

/** The first page is asked for again so long after it could not be had. */
export const AGAIN_MS = 5000;

const NOTHING_HELD = { lines: 0, byLevel: {} } as const;

export class Feed {
  readonly options: FeedOptions;
  /** When the range was read: `last 15 min` begins that long before. */
  readonly from: string;
  readonly to: string | undefined;
  readonly #abort = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #bounds = new FeedBounds();
  #reader: LiveReader | undefined;
  /** Up to here history has it, after it the stream. */
  #until: string | undefined;
  #newerCursor: string | undefined;
  /** Where newer pages of a feed that began at a line begin. */
  #newerFrom: string | undefined;
  #olderTo: string | undefined;
  #gapAbort: AbortController | undefined;
  readonly #beforeAgain = new Wait();

  #snapshot: FeedSnapshot;

  constructor(options: FeedOptions) {
    this.options = options;
    const { fromMs, toMs } = rangeMoments(options.range, Date.now());
    this.from = new Date(fromMs).toISOString();
    this.to = options.range.kind === 'between' ? new Date(toMs).toISOString() : undefined;
    this.#snapshot = {
      items: ChunkedList.from<StreamItem>(),
      lines: 0,
      phase: 'loading',
      failure: undefined,
      older: 'loading',
      newer: 'loading',
      state: { type: 'idle' },
      following: options.line === undefined,
      pausedAtMs: undefined,
      held: NOTHING_HELD,
      isFull: false,
      isLineGone: false,
      gaps: new Map(),
      inserted: { at: 0, count: 0, version: 0 },
    };
  }

  getSnapshot = (): FeedSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Reads the first page, then goes on live. Resolves when the first page is there, or has failed; what may pass by itself is then
   * tried until the feed is stopped.
   */
  async start(): Promise<void> {
    if (!(await this.#begin())) void this.#beginLater();
  }

  async #beginLater(): Promise<void> {
    for (;;) {
      await this.#beforeAgain.for(AGAIN_MS);
      if (this.#abort.signal.aborted || (await this.#begin())) return;
    }
  }

  /** Whether there is nothing more to try. */
  async #begin(): Promise<boolean> {
    const { line, range } = this.options;
    try {
      const anchor = line === undefined ? undefined : await askLine(line, this.#abort.signal);
      if (line !== undefined && anchor === undefined) this.#set({ isLineGone: true, following: true });
      if (anchor === undefined) await this.#startAtEnd();
      else await this.#startAt(anchor);
      if (this.#abort.signal.aborted) return true;
      this.#set({ phase: 'ready', failure: undefined, pausedAtMs: this.#snapshot.following ? undefined : Date.now() });
      if (range.kind === 'last' && this.#snapshot.newer === 'end') this.#goLive();
    } catch (error) {
      if (this.#abort.signal.aborted) return true;
      const failure = failureOf(error);
      this.#set({ phase: 'failed', failure, older: 'failed' });
      return !isPassing(failure);
    }
    return true;
  }

  stop(): void {
    this.#abort.abort();
    this.#beforeAgain.end();
    this.#gapAbort?.abort();
    this.#reader?.stop();
    this.#reader = undefined;
  }

  async #startAtEnd(): Promise<void> {
    const page = await askPage(this.#olderQuestion(), this.#abort.signal, FIRST_PAGE_LINES);
    this.#until = greatestId(page.logs);
    this.#prepend(page.logs, undefined);
    this.#set({ older: this.#endOr(page.next), newer: 'end' });
  }

  /** Two pages that meet at the line: before its time, and from its time on. */
  async #startAt(anchor: FlatEvent): Promise<void> {
    const { signal } = this.#abort;
    const newest = await askPage({ order: 'desc', q: '' }, signal, 1);
    this.#until = greatestId([...newest.logs, anchor]);
    this.#olderTo = this.#newerFrom = anchor.time;
    const [older, newer] = await Promise.all([
      askPage(this.#olderQuestion(), signal, PAGE_LINES >> 1),
      askPage(this.#newerQuestion(), signal),
    ]);
    // The filter may pass over the line that a link points at: it is shown all the same.
    const isInside = newer.logs.some(({ id }) => id === anchor.id);
    this.#append(groupLines(isInside ? newer.logs : [anchor, ...newer.logs]));
    this.#prepend(older.logs, undefined);
    this.#newerCursor = newer.next;
    this.#set({ older: this.#endOr(older.next), newer: newer.next === undefined ? 'end' : 'idle' });
  }

  #olderQuestion(cursor?: string) {
    const { q } = this.options;
    // A link to a line from before the range shows what was around it, not an empty list.
    const from = this.#olderTo !== undefined && this.#olderTo < this.from ? undefined : this.from;
    return { order: 'desc', q, from, to: this.#olderTo ?? this.to, until: this.#until, cursor } as const;
  }

  #newerQuestion(cursor?: string) {
    const { q } = this.options;
    return { order: 'asc', q, from: this.#newerFrom, to: this.to, until: this.#until, cursor } as const;
  }

  // ---- more history ------------------------------------------------------------------------------------------------

  /** Nothing where a page is on its way, or where the last one failed: then `again` asks once more. */
  loadOlder = async (again = false): Promise<void> => {
    const { older, phase } = this.#snapshot;
    if (phase !== 'ready' || (older !== 'idle' && !(again && older === 'failed'))) return;
    if (this.#bounds.isFull(this.#snapshot.lines)) {
      this.#set({ older: 'full' });
      return;
    }
    this.#set({ older: 'loading' });
    const cursor = this.#bounds.olderCursor;
    try {
      const page = await askPage(this.#olderQuestion(cursor), this.#abort.signal);
      this.#prepend(page.logs, cursor);
      this.#set({ older: this.#endOr(page.next), failure: undefined });
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#set({ older: 'failed', failure: failureOf(error) });
    }
  };

  loadNewer = async (again = false): Promise<void> => {
    const { newer, phase } = this.#snapshot;
    if (phase !== 'ready' || (newer !== 'idle' && !(again && newer === 'failed'))) return;
    if (this.#bounds.isFull(this.#snapshot.lines)) {
      this.#set({ newer: 'full' });
      return;
    }
    this.#set({ newer: 'loading' });
    try {
      const page = await askPage(this.#newerQuestion(this.#newerCursor), this.#abort.signal);
      this.#append(groupLines(page.logs));
      this.#newerCursor = page.next;
      this.#set({ newer: page.next === undefined ? 'end' : 'idle', failure: undefined });
      if (page.next === undefined && this.options.range.kind === 'last') this.#goLive();
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#set({ newer: 'failed', failure: failureOf(error) });
    }
  };

  #endOr(next: string | undefined): Side {
    this.#bounds.setOlderCursor(next);
    return next === undefined ? 'end' : 'idle';
  }

  #prepend(newestFirst: readonly FlatEvent[], cursor: string | undefined): void {
    const items = groupLines(newestFirst.toReversed());
    this.#bounds.addPage(cursor, items.length);
    this.#set({ items: this.#snapshot.items.prepend(items), lines: this.#snapshot.lines + newestFirst.length });
  }

  #append(items: readonly StreamItem[]): void {
    const added = items.reduce((sum, item) => sum + linesOf(item), 0);
    this.#set({ items: appendGrouped(this.#snapshot.items, items), lines: this.#snapshot.lines + added });
  }

  // ---- live --------------------------------------------------------------------------------------------------------

  #goLive(): void {
    const { q } = this.options;
    const reader = new LiveReader(
      {
        open: (after, signal) => {
          // Where the range was empty there is no id to go on after: all that happened since it was read is new.
          const begin = after === undefined ? { since: this.from } : { after };
          return hub.tail({ q, ...begin, ...WATCHED, signal, retryFirst: true });
        },
        onBatch: (items) => this.#takeLive(items),
        onUpdate: (item) => this.#set({ items: replaceKey(this.#snapshot.items, item) }),
        onState: (state) => this.#takeState(state),
      },
      this.#until,
    );
    this.#reader = reader;
    this.#set({ newer: 'live' });
    reader.start();
  }

  #takeState(state: StreamState): void {
    if (state.type === 'closed' && state.error instanceof HubError && state.error.status === 401) sessionEnded();
    this.#set({ state });
  }

  #takeLive(items: readonly StreamItem[]): void {
    const { held, following } = this.#snapshot;
    const byLevel: Partial<Record<Level, number>> = { ...held.byLevel };
    let lines = held.lines;
    for (const item of items) {
      if (item.type !== 'line') continue;
      this.options.arrivals.take(item.event);
      lines++;
      byLevel[item.event.level] = (byLevel[item.event.level] ?? 0) + 1;
    }
    this.#append(items);
    if (following) this.#trim();
    else this.#set({ held: { lines, byLevel } });
    if (!following && this.#bounds.isFull(this.#snapshot.lines)) {
      this.#reader?.stop();
      this.#reader = undefined;
      this.#set({ isFull: true });
    }
  }

  /** While following, what is oldest goes; scrolled up to, it is read from history again. */
  #trim(): void {
    const { items, lines } = this.#snapshot;
    const cut = this.#bounds.trim(items, lines);
    if (cut === undefined) return;
    if (cut.until !== undefined) {
      this.#until = cut.until;
      this.#olderTo = undefined;
    }
    this.#set({ items: cut.items, lines: cut.lines, older: 'idle' });
  }

  // ---- what a person does ------------------------------------------------------------------------------------------

  pause = (): void => {
    if (this.#snapshot.following) this.#set({ following: false, pausedAtMs: Date.now(), held: NOTHING_HELD });
  };

  /** False where the feed has to be made anew to show the newest lines: see {@link canResume}. */
  resume = (): boolean => {
    if (this.#snapshot.following) return true;
    if (!this.canResume) return false;
    this.#set({ following: true, pausedAtMs: undefined, held: NOTHING_HELD });
    this.#trim();
    return true;
  };

  /** Whether the end of the list is the newest line there is. */
  get canResume(): boolean {
    return this.#snapshot.newer === 'live' && !this.#snapshot.isFull;
  }

  clear = (): void => {
    this.#bounds.clear();
    const { items } = this.#snapshot;
    // Positions go on: what is measured or remembered by position must not meet another line.
    this.#set({ items: items.dropFirst(items.length), lines: 0, older: 'end', held: NOTHING_HELD, gaps: new Map() });
  };

  /** Position of a line, also of one that joined another; undefined where the list does not have it. */
  positionOf(id: string): number | undefined {
    const { items } = this.#snapshot;
    let position = items.first;
    for (const item of items) {
      if (item.key === id || (item.type === 'line' && item.more.some((line) => line.id === id))) return position;
      position++;
    }
    return undefined;
  }

  has(id: string): boolean {
    return this.positionOf(id) !== undefined;
  }

  retryNow = (): void => {
    this.#beforeAgain.end();
    this.#reader?.retryNow();
  };

  /** Fetches what a gap says is missing, and puts it in its place. */
  loadGap = async (key: string): Promise<void> => {
    const gap = [...this.#snapshot.items].find((item) => item.key === key);
    if (gap?.type !== 'gap' || gap.url === undefined || this.#snapshot.gaps.get(key)?.type === 'loading') return;
    this.#gapAbort?.abort();
    const abort = new AbortController();
    this.#gapAbort = abort;
    const room = () => !this.#bounds.isFull(this.#snapshot.lines);
    await loadGap(gap, this.options.q, abort.signal, {
      room,
      insert: (events) => this.#insertBefore(key, events),
      progress: (progress) => this.#set({ gaps: new Map(this.#snapshot.gaps).set(key, progress) }),
    });
  };

  stopGap = (): void => this.#gapAbort?.abort();

  #insertBefore(key: string, events: readonly FlatEvent[]): void {
    const { items, lines, inserted } = this.#snapshot;
    for (let at = items.end - 1; at >= items.first; at--) {
      if (items.at(at)!.key !== key) continue;
      const group = groupLines(events);
      this.#set({
        items: items.insert(at, group),
        lines: lines + events.length,
        inserted: { at, count: group.length, version: inserted.version + 1 },
      });
      return;
    }
  }

  #set(change: Partial<FeedSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}
