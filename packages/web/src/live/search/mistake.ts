/** What is wrong with a filter, in the shape in which the search box shows it: a place, two sentences, and repairs. */

import { FilterSyntaxError, parseFilter } from '@flywatch/core';
import { repairs } from './repairs.ts';

/** A filter that was refused: by the parser here, or by the hub, which runs the expressions in it. */
export interface FilterError {
  /** What is wrong; names from the filter stand between backquotes. */
  readonly problem: string;
  readonly remedy: string;
  /** The characters at fault; undefined where the hub did not say. */
  readonly start: number | undefined;
  readonly end: number | undefined;
}

export interface Repair {
  /** The part that changes, as it will stand. */
  readonly label: string;
  /** The whole filter, repaired. */
  readonly text: string;
}

export interface Mistake extends FilterError {
  readonly repairs: readonly Repair[];
}

/** The mistake in a filter that the language refuses; undefined where it can be understood. */
export function findMistake(text: string): Mistake | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    const { position, remedy, message } = error;
    const problem = message.slice(0, -`; ${remedy}`.length);
    return { problem, remedy: sentence(remedy), ...position, repairs: repairs(text, position) };
  }
}

/** What the hub has against the filter `text`, from its refusal; undefined where it refused for another reason, or did not. */
export function filterErrorOf(
  refusal: { readonly code: string; readonly message: string } | undefined,
  text: string,
): FilterError | undefined {
  if (refusal?.code !== 'bad_filter') return undefined;
  const [problem = '', remedy = 'write it in another way'] = refusal.message.replace(/^q: /, '').split(/; (?=[^;]*$)/);
  // The hub names the part at fault; here it is found again, so that it can be marked.
  const quoted = /`([^`]+?)…?`/.exec(problem)?.[1] ?? '';
  const start = quoted === '' ? -1 : text.indexOf(quoted);
  const found = start >= 0;
  return {
    problem,
    remedy: sentence(remedy),
    start: found ? start : undefined,
    end: found ? start + quoted.length : undefined,
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? '' : '.'}`;
}
