import type { FilterPosition } from './ast.ts';

/** Longer offending text is cut in messages: the position says where it ends. */
const MAX_QUOTED_LENGTH = 40;

/** A filter that cannot be understood. The message names the offending text and what to write instead. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  /** The offending part of the filter text, in UTF-16 units. */
  readonly position: FilterPosition;
  /** What to write instead; the last part of the message. */
  readonly remedy: string;

  constructor(problem: string, remedy: string, position: FilterPosition, options?: { cause: unknown }) {
    super(`${problem}; ${remedy}`, options);
    this.position = position;
    this.remedy = remedy;
  }
}

/** A part of a filter as messages show it: between backquotes, cut where it is long. */
export function quoteForMessage(part: string): string {
  return `\`${part.length > MAX_QUOTED_LENGTH ? `${part.slice(0, MAX_QUOTED_LENGTH)}…` : part}\``;
}
