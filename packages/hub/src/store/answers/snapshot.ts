/** What an answer is made from: the events of one moment, as blocks that are opened when they are needed. */

import type { FigureReader } from '../figures.ts';
import type { RowBlock } from '../format/row-block.ts';
import type { ExtentAnswer, HistoryKey, Origin, OriginsQuestion, TimeRange } from '../questions.ts';
import type { KeptOrigins } from './block-origins.ts';
import type { Needed } from './needed-words.ts';
import type { RowSelection } from './row-test.ts';

/** A block that is not opened yet. */
export interface BlockHandle {
  readonly count: number;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  /** Arrival of the newest, where that is known. */
  readonly maxReceivedAtMs?: number;
  /** What is counted beforehand, where it is. */
  readonly counted: Counted | undefined;
  /** What stands for a block that never changes, from question to question. */
  readonly identity?: object;
  open(): RowBlock | Promise<RowBlock>;
}

export interface Counted {
  /** Events by level, trace first. */
  readonly levels: readonly number[];
  /** Events of each stream, by the labels of which it is made. */
  readonly streams: readonly (readonly [labels: readonly (string | null)[], count: number])[];
  /** Hands on events by minute of source time (since 1970) and level. */
  eachMinute(visit: (minute: number, level: number, count: number) => void): void;
}

/** The order in which blocks are handed on: by their nearest event on a way through time or arrival, or as they come. */
export type WalkOrder = 'time-asc' | 'time-desc' | 'arrival-asc' | 'arrival-desc' | 'any';

/** What is looked for, so that a store that can look for itself need not hand on what cannot match. */
export interface Walk {
  readonly order: WalkOrder;
  readonly range: TimeRange;
  readonly selection: RowSelection;
  /** What the words of an event that matches must have. */
  readonly needed: Needed | undefined;
  /** On a way through time: nothing that lies before this one's millisecond is wanted. */
  readonly after?: HistoryKey | undefined;
  /** On a way through arrival: positions greater than the first, up to the second. */
  readonly positions?: { readonly above: number; readonly upTo: number } | undefined;
  /** Rows that may be enough. */
  readonly rows?: number | undefined;
}

/** Counts that a store has made by itself, and the blocks that are not among them. */
export interface Tally {
  /** Events by the beginning of their bucket and by level. */
  readonly times: readonly (readonly [timeMs: number, level: number, count: number])[];
  /** Events by label and value; nothing where a label is missing. */
  readonly labels: readonly (readonly [name: string, value: string, count: number])[];
  readonly total: number;
  readonly intervalMs: number;
  readonly rest: readonly BlockHandle[];
}

export interface Span {
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
}

export interface TallyWish {
  readonly range: TimeRange;
  readonly selection: RowSelection;
  /** What is counted: buckets of time, or labels and levels. */
  readonly of:
    | { readonly intervalMs: number | undefined; readonly maxBuckets: number }
    | { readonly labels: readonly string[] };
}

/** Lines and errors of one origin in one bucket. */
export interface OriginRow {
  readonly origin: Origin;
  readonly bucket: number;
  readonly lines: number;
  readonly errors: number;
  readonly lastMs: number;
}

export interface Snapshot {
  /** Nothing up to this position is held any more. */
  readonly droppedTo: number;
  /** Blocks that have events in a range of time, in no order. */
  blocks(range: TimeRange): Promise<readonly BlockHandle[]> | readonly BlockHandle[];
  /** Those of `blocks` that may have what is needed. */
  having(needed: Needed, blocks: readonly BlockHandle[]): Promise<readonly BlockHandle[]> | readonly BlockHandle[];
  /**
   * For a store that does not know its blocks beforehand: hands them on one by one, in place of `blocks` and `having`. The
   * bounds of a block are those of the stretch that it is the answer to. What is handed on next may depend on the last block.
   */
  walk?(walk: Walk): AsyncIterable<BlockHandle>;
  /** Exact counts; undefined where rows have to be looked at one by one. */
  tally?(wish: TallyWish): Promise<Tally | undefined>;
  /** Lines and errors by origin, counted by the store itself; those of `blocks` are not among them. */
  origins?(wish: Omit<OriginsQuestion, 'kind'>): Promise<readonly OriginRow[]>;
  /** What `origins` has counted in blocks that have an identity. */
  readonly keptOrigins?: KeptOrigins;
  /** The times of the first and the last event; undefined where there is none. With `walk`. */
  span?(): Promise<Span | undefined>;
  /** What is there at all, where blocks cannot tell. */
  extent?(): Promise<ExtentAnswer>;
  /** Figures of hosts and checks, where there are tables for them. */
  readonly figures?: FigureReader;
}

/** How long an answer may take, and that others get their turn. */
export interface Pace {
  /** Lets others have their turn where it is time; throws where nobody waits for the answer any more. */
  rest(): Promise<void> | undefined;
  /** Milliseconds since the question was taken up. */
  elapsedMs(): number;
}
