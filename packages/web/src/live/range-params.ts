/** Ranges of time in questions to the hub. */

import type { Params } from '../app/useAnswer.ts';
import { formatDuration, type Range } from './view.ts';

/** A range as the hub's questions take it. What follows now has no end: lines of a clock that is ahead are in it too. */
export function rangeParams(range: Range): Params {
  if (range.kind === 'last') return { from: formatDuration(range.ms) };
  return { from: new Date(range.fromMs).toISOString(), to: new Date(range.toMs).toISOString() };
}
