/**
 * What can be asked of a store, and what it answers. Plain data: questions and answers travel between threads. Answers say
 * all there is, events that were not yet written included; rendering is done where the events are, so that what travels
 * is text.
 */

import type { FieldSummary, Level } from '@flywatch/core';
import type { RowSelection } from './answers/row-test.ts';
import type {
  HostsAnswer,
  HostsQuestion,
  PointsQuestion,
  ResultsQuestion,
  RowsAnswer,
  SeriesAnswer,
  SeriesQuestion,
  SparksAnswer,
  SparksQuestion,
  TalliesAnswer,
  TalliesQuestion,
  TrailsAnswer,
  TrailsQuestion,
} from './figures.ts';

/** A point in source time, to the nanosecond. */
export interface TimePoint {
  readonly ms: number;
  /** Below the millisecond, 0 to 999,999. */
  readonly nanos: number;
}

/** Source times from `from`, up to but not including `to`. */
export interface TimeRange {
  readonly from?: TimePoint | undefined;
  readonly to?: TimePoint | undefined;
}

/** An event's place in the order of history: by source time, then by arrival. */
export interface HistoryKey extends TimePoint {
  readonly position: number;
}

/** How each event of an answer is written. */
export type RowForm = 'flat' | 'flat-raw' | 'legacy' | 'fleet' | 'csv' | 'fly' | 'natstream' | 'structured' | 'logcore';

interface Asked {
  readonly selection: RowSelection;
  readonly range: TimeRange;
}

/** A page of history. */
export interface PageQuestion extends Asked {
  readonly kind: 'page';
  /** Events after one position, up to and including another. */
  readonly positions?: { readonly after: number; readonly until: number } | undefined;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: HistoryKey | undefined;
  readonly form: RowForm;
  /** Milliseconds after which what was found is given. */
  readonly patienceMs: number;
}

export interface PageAnswer {
  readonly rows: readonly string[];
  /** Of each row. */
  readonly keys: readonly HistoryKey[];
  /** Where the next page begins; undefined where there is none. */
  readonly next: HistoryKey | undefined;
  /** Whether time ran out: everything on this side of `next` was looked at, and there may be more beyond it. */
  readonly partial: boolean;
}

/** Counts by time and level. */
export interface HistogramQuestion extends Asked {
  readonly kind: 'histogram';
  /** Undefined: the smallest round step that gives at most `maxBuckets` buckets. */
  readonly intervalMs: number | undefined;
  readonly maxBuckets: number;
}

export interface HistogramAnswer {
  readonly intervalMs: number;
  readonly total: number;
  /** Those with events, oldest first; counts by level, trace first. */
  readonly buckets: readonly { readonly timeMs: number; readonly counts: readonly number[] }[];
}

/** Values of labels and fields with their counts. */
export interface FacetsQuestion extends Asked {
  readonly kind: 'facets';
  readonly fields: readonly string[];
  readonly limit: number;
}

export interface FacetsAnswer {
  readonly facets: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
  readonly total: number;
  /** Fields with more different values than are counted at once: the counts of those that came late may be missing. */
  readonly truncated: readonly string[];
}

/** Which fields lines have, labels among them. */
export interface FieldsQuestion extends Asked {
  readonly kind: 'fields';
  readonly limit: number;
  /** Milliseconds after which what was found is given. The newest lines are looked at first. */
  readonly patienceMs: number;
}

export interface FieldsAnswer {
  readonly fields: readonly FieldSummary[];
  /** Lines that were looked at. */
  readonly total: number;
  /** Whether those are all that match. */
  readonly complete: boolean;
}

/** The lines around one. */
export interface ContextQuestion {
  readonly kind: 'context';
  readonly position: number;
  /** Tag of the hub that gave the position. */
  readonly hub: string;
  readonly scope: 'instance' | 'app' | 'request' | 'all';
  readonly before: number;
  readonly after: number;
}

export interface ContextAnswer {
  /** Undefined where the event is not there (any more). */
  readonly line: string | undefined;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The last events of each level. */
export interface LevelsQuestion extends Asked {
  readonly kind: 'levels';
  readonly perLevel: number;
}

export interface LevelsAnswer {
  readonly levels: Readonly<Record<Level, readonly string[]>>;
}

/** What happened in a span of time, in few words. */
export interface SummaryQuestion extends Asked {
  readonly kind: 'summary';
  /** Those that arrived from one moment on, up to but not including another, in milliseconds. */
  readonly arrived?: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** Messages at most. */
  readonly limit: number;
}

export interface RepeatedMessage {
  /** The newest of them. */
  readonly message: string;
  readonly level: Level;
  readonly count: number;
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Id of the newest. */
  readonly id: string;
}

export interface SummaryAnswer {
  readonly total: number;
  /** By level, trace first. */
  readonly counts: readonly number[];
  /** Errors and worse, alike but for what varies in them, newest first. */
  readonly errors: readonly RepeatedMessage[];
}

/** Messages grouped into patterns. */
export interface PatternsQuestion extends Asked {
  readonly kind: 'patterns';
  /** Another range, to see what is new or gone. */
  readonly baseline?: TimeRange | undefined;
  /** Patterns at most, those with the most events in both ranges. */
  readonly limit: number;
  /** Milliseconds after which what was counted is given. */
  readonly patienceMs: number;
}

export interface FoundPattern {
  /** Words, values as `<*>`. */
  readonly pattern: string;
  readonly count: number;
  /** By level, trace first. */
  readonly levels: readonly number[];
  /** In the baseline. */
  readonly baselineCount: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Its newest event. */
  readonly example: {
    readonly id: string;
    readonly message: string;
    readonly level: Level;
    readonly app: string | undefined;
    readonly instance: string | undefined;
  };
}

/** How much of a range was looked at. */
export interface Looked {
  readonly events: number;
  /** Events older than this were not looked at, since time ran out; undefined where all were. */
  readonly backToMs: number | undefined;
}

export interface PatternsAnswer {
  /** Those with the most events in both ranges first. */
  readonly patterns: readonly FoundPattern[];
  /** All patterns that there are. */
  readonly found: number;
  readonly looked: Looked;
  /** Nothing where no baseline was asked for. */
  readonly baseline: Looked | undefined;
}

/** Events by arrival: what a live reader has missed. */
export interface AfterQuestion extends Asked {
  readonly kind: 'after';
  readonly position: number;
  /** Nothing beyond this. */
  readonly until: number;
  readonly form: RowForm;
  readonly maxBytes: number;
}

export interface AfterAnswer {
  readonly rows: readonly string[];
  /** Of each row. */
  readonly positions: readonly number[];
  /** Everything up to here was looked at. */
  readonly reached: number;
  /** Nothing up to here is held any more. */
  readonly droppedTo: number;
}

/** Where a reader that wants the last `tail` events, or those since a time, begins. */
export interface StartQuestion extends Asked {
  readonly kind: 'start';
  readonly tail: number | undefined;
  /** Nothing beyond this. */
  readonly until: number;
}

export interface StartAnswer {
  /** What is wanted is greater than this position. */
  readonly position: number;
}

/** What is there at all. */
export interface ExtentQuestion {
  readonly kind: 'extent';
}

export interface ExtentAnswer {
  readonly events: number;
  /** Position of the oldest event, undefined where there is none. */
  readonly firstPosition: number | undefined;
  readonly lastPosition: number | undefined;
  readonly minTimeMs: number | undefined;
  readonly maxTimeMs: number | undefined;
  /** Nothing up to here is held any more: retention has taken it. */
  readonly droppedTo: number;
}

/** Events as they are, oldest first, for a merge with another source. */
export interface KeysQuestion extends Asked {
  readonly kind: 'keys';
  readonly limit: number;
  readonly after?: HistoryKey | undefined;
}

export interface KeysAnswer {
  readonly instances: readonly (string | undefined)[];
  readonly keys: readonly HistoryKey[];
  readonly messages: readonly string[];
  readonly next: HistoryKey | undefined;
}

/**
 * Lines and errors by who has said them and when: buckets of source time from a full minute on, each of whole minutes.
 * Whoever asks again asks cheaply.
 */
export interface OriginsQuestion {
  readonly kind: 'origins';
  readonly fromMs: number;
  readonly stepMs: number;
  readonly buckets: number;
}

/** The labels of a line that tell its machine. */
export interface Origin {
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly host: string | undefined;
  readonly provider: string | undefined;
}

export interface OriginCounts {
  readonly origin: Origin;
  /** A number a bucket, as in `errors`: those of level error and worse. */
  readonly lines: Uint32Array;
  readonly errors: Uint32Array;
  /** Of the newest line within the buckets, to the second. */
  readonly lastMs: number;
}

export interface OriginsAnswer {
  readonly origins: readonly OriginCounts[];
  /** Whether there were more than are told. */
  readonly truncated: boolean;
}

/** Each question with its answer. */
export interface Conversation {
  page: { question: PageQuestion; answer: PageAnswer };
  histogram: { question: HistogramQuestion; answer: HistogramAnswer };
  facets: { question: FacetsQuestion; answer: FacetsAnswer };
  fields: { question: FieldsQuestion; answer: FieldsAnswer };
  context: { question: ContextQuestion; answer: ContextAnswer };
  levels: { question: LevelsQuestion; answer: LevelsAnswer };
  summary: { question: SummaryQuestion; answer: SummaryAnswer };
  patterns: { question: PatternsQuestion; answer: PatternsAnswer };
  after: { question: AfterQuestion; answer: AfterAnswer };
  start: { question: StartQuestion; answer: StartAnswer };
  extent: { question: ExtentQuestion; answer: ExtentAnswer };
  keys: { question: KeysQuestion; answer: KeysAnswer };
  origins: { question: OriginsQuestion; answer: OriginsAnswer };
  hosts: { question: HostsQuestion; answer: HostsAnswer };
  trails: { question: TrailsQuestion; answer: TrailsAnswer };
  points: { question: PointsQuestion; answer: RowsAnswer };
  results: { question: ResultsQuestion; answer: RowsAnswer };
  series: { question: SeriesQuestion; answer: SeriesAnswer };
  sparks: { question: SparksQuestion; answer: SparksAnswer };
  tallies: { question: TalliesQuestion; answer: TalliesAnswer };
}

export type Kind = keyof Conversation;
export type Question = Conversation[Kind]['question'];
export type AnswerTo<K extends Kind> = Conversation[K]['answer'];
