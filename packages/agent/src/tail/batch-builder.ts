/**
 * Puts sections together in one piece of memory that is used again for each batch, so that the agent takes the same memory
 * at ten lines a second as at ten thousand.
 */

import { BATCH_BYTES, BATCH_LINES, FILE_TURN_BYTES, MAX_LINE_BYTES } from './limits.ts';
import { type Labels, type PlannedSection, sectionHeader } from './section.ts';

/** A control character takes six in JSON; so may a whole line. A turn may still begin one byte below the limit. */
const CAPACITY_BYTES = BATCH_BYTES + FILE_TURN_BYTES + 6 * MAX_LINE_BYTES + 64 * 1024;

export class BatchBuilder {
  #bytes = Buffer.allocUnsafe(0);
  #length = 0;
  #lines = 0;
  #sections: PlannedSection[] = [];

  get isFull(): boolean {
    return this.#length >= BATCH_BYTES || this.#lines >= BATCH_LINES;
  }

  get isEmpty(): boolean {
    return this.#sections.length === 0;
  }

  get sections(): readonly PlannedSection[] {
    return this.#sections;
  }

  get lines(): number {
    return this.#lines;
  }

  /** Lines that still have room. */
  get lineRoom(): number {
    return BATCH_LINES - this.#lines;
  }

  /** What the batch is on the wire; valid until {@link clear}. */
  get body(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    this.#lines = 0;
    this.#sections = [];
  }

  add(labels: Labels, section: PlannedSection, pieces: readonly Buffer[]): void {
    this.#append(sectionHeader(labels, section.lines));
    for (const piece of pieces) this.#append(piece);
    this.#lines += section.lines;
    this.#sections.push(section);
  }

  /** A section whose bytes are gone: its lines keep their places, since the hub counts them. */
  addLost(labels: Labels, section: PlannedSection): void {
    this.#append(sectionHeader(labels, section.lines, true));
    this.#lines += section.lines;
    this.#sections.push(section);
  }

  #append(piece: Buffer): void {
    const needed = this.#length + piece.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, CAPACITY_BYTES));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#length);
    this.#length = needed;
  }
}
