/**
 * A batch is a row of sections: a stretch of one file each, with its labels before it. The lines are those of the file as
 * they stand (`formats/wrapped.ts` says which are not). On the wire a section is a line of JSON that says how many lines
 * follow, and these lines.
 */

import type { Head, Mark } from './fingerprint.ts';

/** What a section was made of, so that it can be made again: the same bytes, so the same lines. */
export interface PlannedSection {
  /** Number of the stream. */
  readonly stream: number;
  readonly from: number;
  readonly to: number;
  /** Lines of the section, which is events and not line breaks. */
  readonly lines: number;
  /** CRC-32 of the bytes of the file. */
  readonly sum: number;
  /** The mark at `to`. */
  readonly mark: Mark;
  /** The head that is known with it, as long as it grows. */
  readonly head?: Head | undefined;
  /** Whether lines were joined into events. */
  readonly joins: boolean;
}

/** What the hub is told about all lines of a section. */
export interface Labels {
  readonly app?: string | undefined;
  readonly host?: string | undefined;
  readonly source?: string | undefined;
}

export const SECTIONS_TYPE = 'application/vnd.flywatch.sections';

/** The line before the lines of a section. `lost`: they cannot be read any more, and their places are left empty. */
export function sectionHeader(labels: Labels, lines: number, lost = false): Buffer {
  const { app, host, source } = labels;
  return Buffer.from(`${JSON.stringify({ lines, lost: lost || undefined, app, host, source })}\n`);
}
