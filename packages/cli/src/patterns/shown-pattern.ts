import type { PatternRow } from '@flywatch/client';

/** What the views read of a pattern; a row of a hub is one, and so is one made from lines of files. */
export interface ShownPattern extends Pick<PatternRow, 'pattern' | 'count' | 'levels' | 'baseline_count' | 'change'> {
  /** Null where no line of it has a time. */
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  readonly example: { readonly message: string };
}
