/**
 * Readers that get the very same bytes: same wire, same format, same filter. Those at the live edge share one cursor, one
 * evaluation of the filter and one buffer per flush.
 */

import { formatEventId, type LogEvent, type Selection } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import { positionBefore } from './begin.ts';
import type { Encoding } from './encoding.ts';
import { joinFrames } from './frames.ts';
import type { Reader } from './reader.ts';

export interface GroupKind {
  readonly encoding: Encoding;
  readonly matches: (event: LogEvent) => boolean;
  /** What the filter was made from. */
  readonly selection: Selection;
  /** WebSocket readers that asked for their cursor after each burst. */
  readonly control: boolean;
  /** Readers that hear of sources lost and recovered within the stream. */
  readonly notices: boolean;
}

/** What one write sends, and where it leaves its readers. */
export interface Batch {
  readonly bytes: Buffer;
  /** Ring index after the last event looked at. */
  readonly toIndex: number;
  /** Position of that event. */
  readonly toPosition: number;
  readonly events: number;
}

export class Group {
  readonly key: string;
  readonly kind: GroupKind;
  /** Ring index up to which the live readers have been served; meaningful while there are any. */
  index = 0;
  position = 0;
  /** Readers at the live edge. */
  readonly live = new Set<Reader>();
  /** All readers of this group. */
  readonly readers = new Set<Reader>();

  constructor(key: string, kind: GroupKind) {
    this.key = key;
    this.kind = kind;
  }

  /**
   * The next batch from `fromIndex`: up to `maxBytes` of frames that match, or everything up to the end of the ring, or
   * what was looked at until `isTimeUp`. `bytes` is empty where nothing matched. Undefined at the end of the ring.
   */
  nextBatch(
    buffer: EventBuffer,
    fromIndex: number,
    maxBytes: number,
    matches: (event: LogEvent) => boolean = this.kind.matches,
    endIndex: number = buffer.end,
    isTimeUp: () => boolean = () => false,
  ): Batch | undefined {
    if (fromIndex >= endIndex) return undefined;
    const { encoding, control } = this.kind;
    const frames: Buffer[] = [];
    let bytes = 0;
    let charsToClock = CHARS_PER_CLOCK_READING;
    let index = fromIndex;
    let event: LogEvent | undefined;
    while (index < endIndex && bytes < maxBytes) {
      event = buffer.at(index)!;
      const frame =
        event.lost === undefined ? matches(event) && encoding.frame(index, event) : this.#gap(buffer, index, event);
      if (frame !== false) {
        frames.push(frame);
        bytes += frame.length;
      }
      index++;
      charsToClock -= event.message.length + 1;
      if (charsToClock <= 0) {
        if (isTimeUp()) break;
        charsToClock = CHARS_PER_CLOCK_READING;
      }
    }
    const toPosition = event!.position;
    const events = frames.length;
    if (control && events > 0) frames.push(encoding.cursorFrame(toPosition));
    return { bytes: events === 0 ? NO_BYTES : joinFrames(frames, encoding.wire), toIndex: index, toPosition, events };
  }

  /** Readers with any filter are told: what is missing is not known. */
  #gap(buffer: EventBuffer, index: number, mark: LogEvent): Buffer {
    const from = formatEventId(positionBefore(buffer, index), mark.hub);
    return this.kind.encoding.gapFrame({ from, to: mark.id, count: mark.lost!, reason: 'relay' });
  }
}

/** Text that goes through a filter between two looks at the clock: some 30 ordinary lines, or one long one. */
export const CHARS_PER_CLOCK_READING = 4096;

const NO_BYTES = Buffer.alloc(0);
