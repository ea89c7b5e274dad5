/** Where batches of figures and of results of checks go: a hub, or a database. */

export type RowKind = 'metrics' | 'checks';

/** A batch that is taken once, however often it is sent. */
export interface RowsToSend {
  readonly kind: RowKind;
  readonly id: string;
  /** An object of JSON each. */
  readonly rows: readonly string[];
}

/** `refused`: these rows will never be taken. */
export type RowOutcome = 'taken' | 'refused';

export interface RowSink {
  /** Resolves when the other side has answered for good; until then it is tried again. Rejects when the signal says so. */
  sendRows(batch: RowsToSend, signal: AbortSignal): Promise<RowOutcome>;
}
