/**
 * Writes what varies in the lines of a template, one slot after the other. Which encoding a slot gets, its values decide:
 *
 *   constant    one value for all lines of a template
 *   dictionary  at most 255 values: one byte a line
 *   fixed       all of one width, as ids are: no separators
 *   varied      anything else, one value a line
 */

import type { ByteWriter } from './byte-writer.ts';
import { longestWord } from './lexer.ts';

/** How the values of a template's slot lie in the column. */
export const SlotKind = { constant: 0, dictionary: 1, fixed: 2, varied: 3 } as const;

/** Values of a dictionary: their numbers take a byte. */
const MAX_DICTIONARY = 255;

/** Slots of the table in which a dictionary is found; a power of two, four times what is put in. */
const DICTIONARY_TABLE = 1024;

const NEWLINE = 0x0a;

interface SlotParts {
  readonly slots: ByteWriter;
  readonly constants: ByteWriter;
  readonly dictionaryIds: ByteWriter;
  readonly fixed: ByteWriter;
  readonly varied: ByteWriter;
}

/** Writes the values that a slot has in the lines of its template. */
export class SlotWriter {
  readonly #arena: Uint8Array;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  readonly #hash: Int32Array;
  readonly #parts: SlotParts;
  readonly #onToken: (hash: number) => void;
  /** Variable that stands for a value of the dictionary, by hash; and the round in which it was put there. */
  readonly #table = new Int32Array(DICTIONARY_TABLE);
  readonly #tableId = new Uint8Array(DICTIONARY_TABLE);
  readonly #tableRound = new Int32Array(DICTIONARY_TABLE);
  readonly #values = new Int32Array(MAX_DICTIONARY);
  #round = 0;

  constructor(
    arena: Uint8Array,
    start: Int32Array,
    end: Int32Array,
    hash: Int32Array,
    parts: SlotParts,
    onToken: (hash: number) => void,
  ) {
    this.#arena = arena;
    this.#start = start;
    this.#end = end;
    this.#hash = hash;
    this.#parts = parts;
    this.#onToken = onToken;
  }

  /** Writes slot `slot` of the texts `order[from, to)`; the longest run of letters in a value. */
  write(order: Int32Array, from: number, to: number, firstVariable: Int32Array, slot: number): number {
    const { slots, constants, dictionaryIds } = this.#parts;
    const count = to - from;
    const idsAt = dictionaryIds.length;
    dictionaryIds.reserve(count);
    const known = this.#tryDictionary(order, from, to, firstVariable, slot, dictionaryIds.bytes, idsAt);
    // A dictionary pays where a value stands for several lines.
    if (known === 1 || (known > 0 && known * 2 <= count)) {
      let word = 0;
      for (let i = 0; i < known; i++) {
        const variable = this.#values[i]!;
        this.#line(constants, variable);
        this.#onToken(this.#hash[variable]!);
        word = Math.max(word, longestWord(this.#arena, this.#start[variable]!, this.#end[variable]!));
      }
      if (known === 1) slots.byte(SlotKind.constant);
      else {
        slots.byte(SlotKind.dictionary);
        slots.byte(known);
        dictionaryIds.length = idsAt + count;
      }
      return word;
    }
    return this.#writeValues(order, from, to, firstVariable, slot);
  }

  #writeValues(order: Int32Array, from: number, to: number, firstVariable: Int32Array, slot: number): number {
    const { slots, fixed, varied } = this.#parts;
    const arena = this.#arena;
    const first = firstVariable[order[from]!]! + slot;
    const width = this.#end[first]! - this.#start[first]!;
    let isFixed = true;
    let bytes = 0;
    for (let i = from; i < to; i++) {
      const variable = firstVariable[order[i]!]! + slot;
      const length = this.#end[variable]! - this.#start[variable]!;
      if (length !== width) isFixed = false;
      bytes += length + 1;
      this.#onToken(this.#hash[variable]!);
    }
    const out = isFixed ? fixed : varied;
    slots.byte(isFixed ? SlotKind.fixed : SlotKind.varied);
    if (isFixed) slots.varint(width);
    out.reserve(bytes);
    const target = out.bytes;
    let at = out.length;
    let word = 0;
    for (let i = from; i < to; i++) {
      const variable = firstVariable[order[i]!]! + slot;
      const end = this.#end[variable]!;
      let run = 0;
      for (let j = this.#start[variable]!; j < end; j++) {
        const byte = arena[j]!;
        target[at++] = byte;
        if ((byte & 0x40) === 0)
          run = 0; // letters and `_` have this bit, digits have not
        else if (++run > word) word = run;
      }
      if (!isFixed) target[at++] = NEWLINE;
    }
    out.length = at;
    return word;
  }

  /** Numbers the values and writes the numbers; the count of values, or 0 where there are too many. */
  #tryDictionary(
    order: Int32Array,
    from: number,
    to: number,
    firstVariable: Int32Array,
    slot: number,
    ids: Uint8Array,
    idsAt: number,
  ): number {
    const round = ++this.#round;
    const mask = DICTIONARY_TABLE - 1;
    let known = 0;
    let at = idsAt;
    for (let i = from; i < to; i++) {
      const variable = firstVariable[order[i]!]! + slot;
      const hash = this.#hash[variable]!;
      let place = (hash ^ (hash >>> 16)) & mask;
      for (;;) {
        if (this.#tableRound[place] !== round) {
          // Half of the values new after many lines: ids, not names.
          if (known === MAX_DICTIONARY || (known > 32 && known * 2 > at - idsAt + 32)) return 0;
          this.#tableRound[place] = round;
          this.#table[place] = variable;
          this.#tableId[place] = known;
          this.#values[known] = variable;
          ids[at++] = known++;
          break;
        }
        if (this.#isEqual(this.#table[place]!, variable)) {
          ids[at++] = this.#tableId[place]!;
          break;
        }
        place = (place + 1) & mask;
      }
    }
    return known;
  }

  #isEqual(a: number, b: number): boolean {
    if (this.#hash[a] !== this.#hash[b]) return false;
    let at = this.#start[a]!;
    let bt = this.#start[b]!;
    const end = this.#end[a]!;
    if (end - at !== this.#end[b]! - bt) return false;
    for (; at < end; at++, bt++) if (this.#arena[at] !== this.#arena[bt]) return false;
    return true;
  }

  #line(out: ByteWriter, variable: number): void {
    out.append(this.#arena, this.#start[variable]!, this.#end[variable]!);
    out.byte(NEWLINE);
  }
}
