/**
 * How events look to one kind of reader: a wire and a format. Each event is encoded when the first group of that kind
 * wants it, and at most once while it is fresh, whatever the number of readers and of different filters.
 */

import { type Format, formatEventId, type LogEvent, renderEvent, renderFlat } from '@flywatch/core';
import { sseFrame, type Wire, wsTextFrame } from './frames.ts';

/** Frames kept per kind: what several groups share within a flush, and what readers a moment behind still need. A power of two. */
const FRAMES_KEPT = 2048;

/** Bytes of frames kept per kind: 2,048 ordinary ones are 1 MB, the longest lines would be 500. All go at once beyond it. */
const FRAME_BYTES_KEPT = 8 * 1024 * 1024;

export class Encoding {
  readonly wire: Wire;
  readonly format: Format;
  readonly #hub: string;
  readonly #frames: (Buffer | undefined)[] = new Array<Buffer | undefined>(FRAMES_KEPT);
  readonly #indexes: number[] = new Array<number>(FRAMES_KEPT).fill(-1);
  #bytes = 0;
  /** Events encoded so far, for the tests of "once" and for metrics. */
  eventsEncoded = 0;

  /** Whether the `flat` form has the payload as it came; the other forms have no place for it. */
  readonly raw: boolean;

  constructor(wire: Wire, format: Format, hub: string, raw = false) {
    this.wire = wire;
    this.format = format;
    this.#hub = hub;
    this.raw = raw && format === 'flat';
  }

  /** The frame of the event at a ring index. */
  frame(index: number, event: LogEvent): Buffer {
    const slot = index & (FRAMES_KEPT - 1);
    if (this.#indexes[slot] === index) return this.#frames[slot]!;
    const text = this.raw ? renderFlat(event, { raw: true }) : renderEvent(event, this.format);
    const frame = this.wire === 'ws' ? wsTextFrame(text) : sseFrame(event.id, text);
    this.#bytes += frame.length - (this.#frames[slot]?.length ?? 0);
    if (this.#bytes > FRAME_BYTES_KEPT) {
      this.#frames.fill(undefined);
      this.#indexes.fill(-1);
      this.#bytes = frame.length;
    }
    this.#frames[slot] = frame;
    this.#indexes[slot] = index;
    this.eventsEncoded++;
    return frame;
  }

  /** The frame of an event that was written out elsewhere, in this format. */
  frameOf(position: number, text: string): Buffer {
    return this.wire === 'ws' ? wsTextFrame(text) : sseFrame(formatEventId(position, this.#hub), text);
  }

  /** Tells a reader what it will not get. `type` stands in the data too, since WebSocket frames have no names. */
  gapFrame(gap: Gap): Buffer {
    const data = JSON.stringify({ type: 'gap', ...gap });
    return this.wire === 'ws' ? wsTextFrame(data) : sseFrame(gap.to, data, 'gap');
  }

  /** Moves a reader's resume cursor: what a quiet filter needs so that a reconnect does not replay the world. */
  cursorFrame(position: number): Buffer {
    return wsTextFrame(JSON.stringify({ type: 'cursor', id: formatEventId(position, this.#hub) }));
  }

  /**
   * Keep-alive of SSE: a comment for proxies and simple clients, and a named event with the cursor, since pages cannot
   * see comments and would not notice a dead socket.
   */
  pingFrame(position: number, data: string): Buffer {
    return Buffer.concat([COMMENT, sseFrame(formatEventId(position, this.#hub), data, 'ping')]);
  }
}

const COMMENT = Buffer.from(': ping\n\n');

/** Why a reader does not get everything. */
export type GapReason =
  /** It took longer than the ring lasts. */
  | 'lagged'
  /** What it asked for is no longer held. */
  | 'expired'
  /** The id that it gave was given by another hub. */
  | 'other_hub'
  /** Other hubs of the group have sent it, and it did not arrive. */
  | 'relay';

/** A hole in a stream. */
export interface Gap {
  /** Id of the last event before the hole. */
  readonly from: string;
  /** Id of the last event in the hole; the stream goes on after it. */
  readonly to: string;
  /** Events in the hole before any filter; null where that cannot be known. */
  readonly count: number | null;
  readonly reason: GapReason;
  /** Where what is in the hole can be had, if it can. */
  readonly url?: string;
}
