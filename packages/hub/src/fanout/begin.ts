/** Where a reader begins: at the live edge, after an event that it has seen, or with some of what is held. */

import { formatEventId, type LogEvent, type Selection } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { Gap } from './encoding.ts';
import { isWithin, type OtherHubs, type Place } from './other-hubs.ts';
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
  /** What it would resume after if it lost the connection right now. */
  readonly id: string;
  /** What it cannot have any more. */
  readonly gap: Gap | undefined;
  readonly backlog: Backlog | undefined;
  /** Whether the ring has only part of it, so that history has to be asked. */
  readonly fromHistory: boolean;
  /** The filter to use: the one that was given, or a narrower one. */
  readonly filter: Filter;
}

/** What there is to begin with. */
export interface Held {
  readonly buffer: EventBuffer;
  /** Tag of this hub. */
  readonly hub: string;
  /** Whether what has left the ring can be had elsewhere. */
  readonly hasHistory: boolean;
  /** Undefined where no other hub can be known. */
  readonly otherHubs: OtherHubs | undefined;
}

export function beginReading({ buffer, hub, hasHistory, otherHubs }: Held, start: Start, filter: Filter): Begin {
  const idOf = (position: number) => formatEventId(position, hub);
  const head = {
    ...{ cursor: buffer.end, position: buffer.headPosition, id: idOf(buffer.headPosition), gap: undefined },
    ...{ backlog: undefined, fromHistory: false, filter },
  };
  if (start.from === 'now') return head;
  if (start.from === 'backlog') {
    const { sinceMs } = start;
    const { matches } = filter;
    const wanted = sinceMs === undefined ? matches : (event: LogEvent) => event.timeMs >= sinceMs && matches(event);
    const backlog = { untilIndex: buffer.end, untilPosition: buffer.headPosition, sinceMs, matches: wanted };
    const position = positionBefore(buffer, buffer.first);
    return { ...head, cursor: buffer.first, position, id: idOf(position), backlog };
  }
  const { position } = start;
  const id = formatEventId(position, start.hub);
  if (start.hub !== hub) {
    const place = otherHubs?.placeOf(start.hub, position);
    const after = place?.after ?? buffer.headPosition;
    const gap: Gap = { from: id, to: idOf(after), count: null, reason: 'other_hub' };
    if (place === undefined) return { ...head, id, gap };
    return {
      ...{ ...head, cursor: buffer.indexAfter(after), position: after, backlog: unseenOf(buffer, place, filter) },
      ...(place.isWhole ? { id: place.seen.length === 0 ? idOf(after) : id } : { id, gap }),
    };
  }
  if (position > buffer.headPosition) {
    // Nothing that great was given yet: what follows it is what is greater.
    const matches = (event: LogEvent) => event.position > position && filter.matches(event);
    return { ...head, position, id, filter: { ...filter, matches, filterKey: `${position}<${filter.filterKey}` } };
  }
  const cursor = buffer.indexAfter(position);
  if (position >= buffer.evictedTo) return { ...head, cursor, position, id };
  if (hasHistory) return { ...head, cursor, position, id, fromHistory: true };
  // How much is gone is known where this run gave all the positions, since those run on by one.
  const count = position >= buffer.startPosition ? buffer.evictedTo - position : null;
  const gap: Gap = { from: id, to: idOf(buffer.evictedTo), count, reason: 'expired' };
  return { ...head, cursor, position: buffer.evictedTo, id, gap };
}

/** What a reader has not seen of the stretch in which there is something that it has seen; undefined where there is none. */
function unseenOf(buffer: EventBuffer, { seen }: Place, { matches }: Filter): Backlog | undefined {
  const last = seen.at(-1);
  if (last === undefined) return undefined;
  return {
    ...{ untilIndex: buffer.indexAfter(last.to), untilPosition: last.to, sinceMs: undefined, seen },
    matches: (event) => !isWithin(seen, event.position) && matches(event),
  };
}

/** The position that a reader has seen everything up to when it reads on from `cursor`. */
export function positionBefore(buffer: EventBuffer, cursor: number): number {
  return buffer.at(cursor - 1)?.position ?? (cursor === buffer.end ? buffer.headPosition : buffer.evictedTo);
}
