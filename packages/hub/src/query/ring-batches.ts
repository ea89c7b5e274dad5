/**
 * Events that live in the ring alone, as batches that go along with questions: demo traffic, and everything where nothing is
 * kept on disk. What was encoded for one question serves the next ones too, as long as the ring holds it.
 */

import type { LogEvent } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import { encodeBatch } from '../store/format/batch.ts';

/** Ring places that are encoded together: what one more event costs the next question, some 0.3 ms. */
const PLACES = 512;

export class RingBatches {
  readonly #buffer: EventBuffer;
  readonly #wanted: (event: LogEvent) => boolean;
  /** By the first place, what was encoded up to which place. */
  readonly #encoded = new Map<
    number,
    { readonly from: number; readonly to: number; readonly bytes: Uint8Array | undefined }
  >();

  constructor(buffer: EventBuffer, wanted: (event: LogEvent) => boolean) {
    this.#buffer = buffer;
    this.#wanted = wanted;
  }

  batches(): Uint8Array[] {
    const { first, end } = this.#buffer;
    const batches: Uint8Array[] = [];
    for (const at of this.#encoded.keys()) if (at + PLACES <= first) this.#encoded.delete(at);
    for (let at = Math.floor(first / PLACES) * PLACES; at < end; at += PLACES) {
      const from = Math.max(at, first);
      const to = Math.min(at + PLACES, end);
      let known = this.#encoded.get(at);
      if (known === undefined || known.from !== from || known.to !== to) {
        known = { from, to, bytes: this.#encode(from, to) };
        this.#encoded.set(at, known);
      }
      if (known.bytes !== undefined) batches.push(known.bytes);
    }
    return batches;
  }

  #encode(from: number, to: number): Uint8Array | undefined {
    const events: LogEvent[] = [];
    for (let at = from; at < to; at++) {
      const event = this.#buffer.at(at);
      if (event !== undefined && this.#wanted(event)) events.push(event);
    }
    return events.length === 0 ? undefined : encodeBatch(events);
  }
}
