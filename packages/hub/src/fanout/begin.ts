/** Where a reader begins: at the live edge, after an event that it has seen, or with some of what is held. */

import { formatEventId, type LogEvent, type Selection } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { Gap } from './encoding.ts';
import type { Backlog } from './reader.ts';

/** What a reader asks to begin with. */
export type Start =
  /** With what arrives from now on. */
  | { readonly from: 'now' }
  /** After an event that it has seen. */
  | { readonly from: 'after'; readonly position: number; readonly hub: string }
  /** With what is held: events not older than `sinceMs` in source time, of those the last `tail`. */
  | { readonly from: 'backlog'; readonly tail: number | undefined; readonly sinceMs: number | undefined };

/** A filter, and what equal filters have in common. */
export interface Filter {
  /** Equal for equal filters, however they were typed. */
  readonly filterKey: string;
  readonly matches: (event: LogEvent) => boolean;
  /** What the filter was made from, for whoever has to ask others for events. */
  readonly selection: Selection;
}

export interface Begin {
  /** Ring index of the first event to look at. */
  readonly cursor: number;
  /** Position up to which the reader counts as served. */
  readonly position: number;
  /** What it cannot have any more. */
  readonly gap: Gap | undefined;
  readonly backlog: Backlog | undefined;
  /** Whether the ring has only part of it, so that history has to be asked. */
  readonly fromHistory: boolean;
  /** The filter to use: the one that was given, or a narrower one. */
  readonly filter: Filter;
}

/** @param hasHistory - whether what has left the ring can be had elsewhere */
export function beginReading(
  buffer: EventBuffer,
  hub: string,
  start: Start,
  filter: Filter,
  hasHistory: boolean,
): Begin {
  const head = {
    ...{ cursor: buffer.end, position: buffer.headPosition, gap: undefined },
    ...{ backlog: undefined, fromHistory: false, filter },
  };
  if (start.from === 'now') return head;
  if (start.from === 'backlog') {
    const { sinceMs } = start;
    const { matches } = filter;
    const wanted = sinceMs === undefined ? matches : (event: LogEvent) => event.timeMs >= sinceMs && matches(event);
    const backlog = { untilIndex: buffer.end, untilPosition: buffer.headPosition, sinceMs, matches: wanted };
    return { ...head, cursor: buffer.first, position: positionBefore(buffer, buffer.first), backlog };
  }
  const { position } = start;
  const from = formatEventId(position, start.hub);
  if (start.hub !== hub) {
    return { ...head, gap: { from, to: formatEventId(buffer.headPosition, hub), count: null, reason: 'other_hub' } };
  }
  if (position > buffer.headPosition) {
    // Nothing that great was given yet: what follows it is what is greater.
    const matches = (event: LogEvent) => event.position > position && filter.matches(event);
    return { ...head, position, filter: { ...filter, matches, filterKey: `${position}<${filter.filterKey}` } };
  }
  const cursor = buffer.indexAfter(position);
  if (position >= buffer.evictedTo) return { ...head, cursor, position };
  if (hasHistory) return { ...head, cursor, position, fromHistory: true };
  // How much is gone is known where this run gave all the positions, since those run on by one.
  const count = position >= buffer.startPosition ? buffer.evictedTo - position : null;
  const gap: Gap = { from, to: formatEventId(buffer.evictedTo, hub), count, reason: 'expired' };
  return { ...head, cursor, position: buffer.evictedTo, gap };
}

/** The position that a reader has seen everything up to when it reads on from `cursor`. */
export function positionBefore(buffer: EventBuffer, cursor: number): number {
  return buffer.at(cursor - 1)?.position ?? (cursor === buffer.end ? buffer.headPosition : buffer.evictedTo);
}
