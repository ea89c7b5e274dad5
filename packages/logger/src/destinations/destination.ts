import type { LogRecord } from '../log-record.ts';

/** Where a logger writes. */
export interface Destination {
  /** Takes a record. Never throws and never waits: what cannot be kept is dropped, counted and told. */
  write(record: LogRecord): void;
  /** Resolves when what was written so far has arrived, or cannot any more. */
  flush?(): Promise<void>;
  /** Writes what waits and lets go of files and connections. Whatever is written afterwards is ignored. */
  close?(): Promise<void>;
}

/** Told of what the logger cannot do, at most once a minute for the same trouble. It must not log to the same logger. */
export type ProblemListener = (message: string) => void;
