import type { Fields, Level } from '@flywatch/core';

/** What the views read of an event; a flat event of a hub is one, and so is an event made from a line of a file. */
export interface ShownEvent {
  /** RFC 3339 in UTC; empty where it is not known. */
  readonly time: string;
  readonly level: Level;
  readonly message: string;
  readonly app?: string | undefined;
  readonly instance?: string | undefined;
  readonly region?: string | undefined;
  readonly host?: string | undefined;
  readonly provider?: string | undefined;
  readonly source?: string | undefined;
  readonly fields?: Readonly<Fields> | undefined;
}
