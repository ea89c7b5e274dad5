/** Where batches of lines go: a hub, or a database. */

/** A batch that is taken once, however often it is sent: its id is the same for the same lines. */
export interface LogBatch {
  readonly id: string;
  /** Names who sends: one batch of it is on its way at a time. */
  readonly agent: string;
  /** Sections (`section.ts`); valid until the promise of `send` settles. */
  readonly body: Buffer;
  readonly lines: number;
  /** How far the batch goes in what it was read from, a place for each section of the body. */
  readonly reached: readonly Reached[];
}

/** A position in a file: everything of this generation of it up to there has been sent when the batch is taken. */
export interface Reached {
  readonly file: string;
  /** Tells the file from others that were under its name. */
  readonly generation: string;
  readonly offset: number;
}

/**
 * `taken`: it is kept, now or from an earlier time. `too_large`: nothing of it was taken, and smaller ones would be. `refused`: it
 * cannot be taken as things are; the same batch is sent again later.
 */
export type LogOutcome = 'taken' | 'too_large' | 'refused';

export interface LogSink {
  /** Resolves when the other side has answered for good; until then it is tried again. Rejects when the signal says so. */
  send(batch: LogBatch, signal: AbortSignal): Promise<LogOutcome>;
}
