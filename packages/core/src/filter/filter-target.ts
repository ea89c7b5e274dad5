import type { Fields } from '../event.ts';
import type { Level } from '../levels.ts';

/** What a filter looks at; a {@link LogEvent} is one. */
export interface FilterTarget {
  readonly id: string;
  /** RFC 3339 in UTC. */
  readonly time: string;
  readonly timeMs: number;
  /** Nanoseconds of `time` below the millisecond. */
  readonly timeNanos: number;
  readonly receivedAtMs: number;
  readonly level: Level;
  /** The line as it came. */
  readonly message: string;
  /** The line without ANSI sequences: what regular expressions see. */
  readonly plainText: string;
  /** `plainText` in lower case: what words and phrases see. */
  readonly searchText: string;
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly host: string | undefined;
  readonly provider: string | undefined;
  readonly source: string | undefined;
  readonly fields: Readonly<Fields>;
}
