/** Events that were read one by one, as a block of rows. Positions may lie far apart, which a batch could not hold. */

import { fractionDigits, type LogEvent, levelRank } from '@flywatch/core';
import { HAS_EXTRAS, HAS_STRUCTURE } from '../format/packed-event.ts';
import type { RowBlock } from '../format/row-block.ts';
import type { Stream } from '../format/stream.ts';

export class EventBlock implements RowBlock {
  readonly hub: string;
  readonly count: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly minTimeMs: number;
  readonly maxTimeMs: number;
  readonly streams: readonly Stream[];
  readonly timeMs: Float64Array;
  readonly nanos: Uint32Array;
  readonly levels: readonly number[];
  readonly stream: Uint16Array;
  readonly level: Uint8Array;
  readonly flags: Uint16Array;
  readonly messages = undefined;
  readonly #events: readonly LogEvent[];

  /** @param events - of one hub, in the order of their positions, fewer than 65,536 */
  constructor(events: readonly LogEvent[]) {
    const count = events.length;
    const streams: Stream[] = [];
    const known = new Map<string, number>();
    const levels = [0, 0, 0, 0, 0, 0];
    this.#events = events;
    this.count = count;
    this.hub = events[0]?.hub ?? '';
    this.firstPosition = events[0]?.position ?? 0;
    this.lastPosition = events[count - 1]?.position ?? 0;
    this.timeMs = new Float64Array(count);
    this.nanos = new Uint32Array(count);
    this.stream = new Uint16Array(count);
    this.level = new Uint8Array(count);
    this.flags = new Uint16Array(count);
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < count; row++) {
      const event = events[row]!;
      const { app, instance, region, host, provider, source, timeMs } = event;
      const key = `${app}\n${instance}\n${region}\n${host}\n${provider}\n${source}`;
      let stream = known.get(key);
      if (stream === undefined) {
        stream = streams.length;
        known.set(key, stream);
        streams.push({ app, instance, region, host, provider, source, rawHead: undefined });
      }
      const rank = levelRank(event.level);
      this.stream[row] = stream;
      this.timeMs[row] = timeMs;
      this.nanos[row] = event.timeNanos | (fractionDigits(event.time) << 20);
      this.level[row] = rank;
      levels[rank]!++;
      this.flags[row] =
        (event.ownStructure === undefined ? 0 : HAS_STRUCTURE) | (event.extras === undefined ? 0 : HAS_EXTRAS);
      min = Math.min(min, timeMs);
      max = Math.max(max, timeMs);
    }
    this.streams = streams;
    this.levels = levels;
    this.minTimeMs = min;
    this.maxTimeMs = max;
  }

  positionOf(row: number): number {
    return this.#events[row]!.position;
  }

  receivedAtMsOf(row: number): number {
    return this.#events[row]!.receivedAtMs;
  }

  messageOf(row: number): string {
    return this.#events[row]!.message;
  }

  eventOf(row: number): LogEvent {
    return this.#events[row]!;
  }
}

/** The events as blocks of one hub each, in the order of their positions. */
export function eventBlocks(events: readonly LogEvent[]): EventBlock[] {
  const byHub = new Map<string, LogEvent[]>();
  for (const event of events) {
    const others = byHub.get(event.hub);
    if (others === undefined) byHub.set(event.hub, [event]);
    else others.push(event);
  }
  return [...byHub.values()].map((own) => new EventBlock(own.sort((a, b) => a.position - b.position)));
}
