/** Where batches of lines go: a hub, or a database. */

/** A batch that is taken once, however often it is sent: its id is the same for the same lines. */
export interface LogBatch {
  readonly id: string;
  /** Sections (`section.ts`); valid until the promise of `send` settles. */
  readonly body: Buffer;
  readonly lines: number;
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
