/** The search for where a reader begins that wants the last events that match: back from the live edge, in turns. */

import type { LogEvent } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import { CHARS_PER_CLOCK_READING } from './group.ts';

/** It has come back to `index`, and takes `left` events that match more. */
export interface TailSearch {
  index: number;
  left: number;
}

/** Goes on until it is through with what the ring holds, or has found all; false where the time is up before. */
export function searchOn(
  search: TailSearch,
  buffer: EventBuffer,
  matches: (event: LogEvent) => boolean,
  isTimeUp: () => boolean,
): boolean {
  let charsToClock = CHARS_PER_CLOCK_READING;
  while (search.left > 0 && search.index > buffer.first) {
    const event = buffer.at(--search.index)!;
    if (event.lost === undefined && matches(event)) search.left--;
    charsToClock -= event.message.length + 1;
    if (charsToClock > 0) continue;
    if (isTimeUp()) return false;
    charsToClock = CHARS_PER_CLOCK_READING;
  }
  return true;
}
