/**
 * Writes a column of texts: their templates once, and what varies in columns of its own (`slot-writer.ts`), so that a compressor sees
 * port numbers beside port numbers.
 */

import { ByteWriter } from './byte-writer.ts';
import { eachToken, Lexed, lex, MAX_LEXED_BYTES } from './lexer.ts';
import { SlotWriter } from './slot-writer.ts';

/**
 * Stands for a variable in a template's text. As a digit it joins to the letters beside it as any variable would, and it cannot be
 * mistaken: a template has no digits of its own but in colours.
 */
export const STAND_IN = '0';

/** Template of texts that were not cut into one. */
export const LITERAL = 0;

/** Templates of a column: their numbers take two bytes a text. More means that texts have no form, and they are kept whole. */
const MAX_TEMPLATES = 8192;

/** Longest run of letters that is noted of a slot's values: it takes a byte. */
const MAX_WORD = 255;

/** Room for texts that stays from chunk to chunk: all that a chunk may have; and for what varies in them: 16 values a line. */
const ARENA_KEPT_BYTES = 8 * 1024 * 1024;
const VARIABLES_KEPT = 512 * 1024;

/** Bytes of one column, not compressed yet. */
export interface TextColumnBytes {
  /** Number and pieces of each template. */
  readonly templates: Uint8Array;
  /** Template of each text: all low bytes, then all high bytes. */
  readonly templateOf: Uint8Array;
  /** Kinds of slots. */
  readonly slots: Uint8Array;
  readonly constants: Uint8Array;
  readonly dictionaryIds: Uint8Array;
  readonly fixed: Uint8Array;
  readonly varied: Uint8Array;
  /** Texts without a template: their lengths, then themselves. */
  readonly literals: Uint8Array;
}

export class TextColumnWriter {
  #arena = new Uint8Array(1 << 16);
  #arenaEnd = 0;
  #texts = 0;
  #textStart = new Int32Array(1024);
  #textEnd = new Int32Array(1024);
  #templateOf = new Uint16Array(1024);
  /** Index of a text's first variable. */
  #firstVariable = new Int32Array(1024);
  #variables = 0;
  #start = new Int32Array(4096);
  #end = new Int32Array(4096);
  #hash = new Int32Array(4096);
  /** First text of each template: its bytes are the template's. */
  #templateText: number[] = [-1];
  #templateSlots: number[] = [0];
  #templateOddities: number[] = [0];
  #templateHash: number[] = [0];
  /** Open addressing: template number by hash, 0 for free. */
  #table = new Uint16Array(MAX_TEMPLATES * 4);
  readonly #lexed = new Lexed();
  readonly #onToken: (hash: number) => void;

  /** `onToken` is told the hash of each token: once for a value of a dictionary, and once for a word of a template. */
  constructor(onToken: (hash: number) => void) {
    this.#onToken = onToken;
  }

  get count(): number {
    return this.#texts;
  }

  /** Bytes of text held. */
  get bytes(): number {
    return this.#arenaEnd;
  }

  /**
   * Takes `bytes[start, end)`. True where the bytes do not tell all words that a search may see in the text, so that whoever
   * knows how it is read has to tell them: it is not all ASCII, has an escape of some kind, or is kept whole.
   *
   * @param whole - keeps the text from being cut into template and variables
   */
  add(bytes: Uint8Array, start: number, end: number, whole = false): boolean {
    const text = this.#texts++;
    this.#reserveText(text, end - start);
    const from = this.#arenaEnd;
    const arena = this.#arena;
    const to = from + (end - start);
    arena.set(bytes.subarray(start, end), from);
    this.#arenaEnd = to;
    this.#textStart[text] = from;
    this.#textEnd[text] = to;
    this.#firstVariable[text] = this.#variables;
    const lexed = this.#lexed;
    const cut = !whole && to - from <= MAX_LEXED_BYTES && lex(arena, from, to, lexed);
    const template = cut ? this.#templateFor(text) : LITERAL;
    this.#templateOf[text] = template;
    if (template === LITERAL) {
      eachToken(arena, from, to, this.#onToken);
      return true;
    }
    const { count, starts, ends, hashes } = lexed;
    this.#reserveVariables(count);
    let at = this.#variables;
    for (let i = 0; i < count; i++, at++) {
      this.#start[at] = starts[i]!;
      this.#end[at] = ends[i]!;
      this.#hash[at] = hashes[i]!;
    }
    this.#variables = at;
    return lexed.oddities !== 0;
  }

  /** Number of the template that the text just cut has. */
  #templateFor(text: number): number {
    const { hash } = this.#lexed;
    const table = this.#table;
    const mask = table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let known = table[slot]!; known !== 0; slot = (slot + 1) & mask, known = table[slot]!) {
      if (this.#templateHash[known] === hash && this.#hasTemplate(text, known)) return known;
    }
    const number = this.#templateText.length;
    if (number >= MAX_TEMPLATES) return LITERAL;
    table[slot] = number;
    this.#templateText.push(text);
    this.#templateSlots.push(this.#lexed.count);
    this.#templateOddities.push(this.#lexed.oddities);
    this.#templateHash.push(hash);
    this.#tellWords(text);
    return number;
  }

  /** Whether the pieces between the variables of the text just cut are those of a template, byte for byte. */
  #hasTemplate(text: number, template: number): boolean {
    const { count, starts, ends } = this.#lexed;
    if (this.#templateSlots[template] !== count) return false;
    const arena = this.#arena;
    const other = this.#templateText[template]!;
    const variables = this.#firstVariable[other]!;
    let a = this.#textStart[text]!;
    let b = this.#textStart[other]!;
    for (let i = 0; i <= count; i++) {
      const aEnd = i === count ? this.#textEnd[text]! : starts[i]!;
      const bEnd = i === count ? this.#textEnd[other]! : this.#start[variables + i]!;
      if (aEnd - a !== bEnd - b) return false;
      for (; a < aEnd; a++, b++) if (arena[a] !== arena[b]) return false;
      if (i < count) {
        a = ends[i]!;
        b = this.#end[variables + i]!;
      }
    }
    return true;
  }

  /** The words of a new template: between its variables, which cut no word. */
  #tellWords(text: number): void {
    const { count, starts, ends } = this.#lexed;
    let at = this.#textStart[text]!;
    for (let i = 0; i < count; i++) {
      eachToken(this.#arena, at, starts[i]!, this.#onToken);
      at = ends[i]!;
    }
    eachToken(this.#arena, at, this.#textEnd[text]!, this.#onToken);
  }

  /** All that was added, as columns. The writer is empty afterwards. */
  finish(): TextColumnBytes {
    const texts = this.#texts;
    const templates = this.#templateText.length;
    const { order, begin } = this.#byTemplate();
    const parts = {
      templates: new ByteWriter(),
      slots: new ByteWriter(),
      constants: new ByteWriter(),
      dictionaryIds: new ByteWriter(),
      fixed: new ByteWriter(),
      varied: new ByteWriter(),
      literals: new ByteWriter(),
    };
    for (let i = begin[LITERAL]!; i < begin[LITERAL + 1]!; i++) {
      const text = order[i]!;
      parts.literals.varint(this.#textEnd[text]! - this.#textStart[text]!);
    }
    for (let i = begin[LITERAL]!; i < begin[LITERAL + 1]!; i++) {
      const text = order[i]!;
      parts.literals.append(this.#arena, this.#textStart[text]!, this.#textEnd[text]!);
    }
    const slotWriter = new SlotWriter(this.#arena, this.#start, this.#end, this.#hash, parts, this.#onToken);
    for (let template = 1; template < templates; template++) {
      const slots = this.#templateSlots[template]!;
      const from = begin[template]!;
      const to = begin[template + 1]!;
      const words: number[] = [];
      for (let slot = 0; slot < slots; slot++) {
        words.push(Math.min(MAX_WORD, slotWriter.write(order, from, to, this.#firstVariable, slot)));
      }
      this.#writeTemplate(parts.templates, template, words);
    }
    const templateOf = new Uint8Array(texts * 2);
    for (let text = 0; text < texts; text++) {
      templateOf[text] = this.#templateOf[text]! & 0xff;
      templateOf[texts + text] = this.#templateOf[text]! >> 8;
    }
    this.clear();
    return {
      templates: parts.templates.view(),
      templateOf,
      slots: parts.slots.view(),
      constants: parts.constants.view(),
      dictionaryIds: parts.dictionaryIds.view(),
      fixed: parts.fixed.view(),
      varied: parts.varied.view(),
      literals: parts.literals.view(),
    };
  }

  /** Texts in the order of their templates, and where each template's begin. */
  #byTemplate(): { order: Int32Array; begin: Int32Array } {
    const texts = this.#texts;
    const begin = new Int32Array(this.#templateText.length + 1);
    for (let text = 0; text < texts; text++) begin[this.#templateOf[text]! + 1]!++;
    for (let i = 1; i < begin.length; i++) begin[i]! += begin[i - 1]!;
    const next = begin.slice();
    const order = new Int32Array(texts);
    for (let text = 0; text < texts; text++) order[next[this.#templateOf[text]!]!++] = text;
    return { order, begin };
  }

  #writeTemplate(out: ByteWriter, template: number, words: readonly number[]): void {
    const slots = words.length;
    const text = this.#templateText[template]!;
    const variable = this.#firstVariable[text]!;
    const startOf = (piece: number) => (piece === 0 ? this.#textStart[text]! : this.#end[variable + piece - 1]!);
    const endOf = (piece: number) => (piece === slots ? this.#textEnd[text]! : this.#start[variable + piece]!);
    out.varint(slots);
    out.byte(this.#templateOddities[template]!);
    for (const word of words) out.byte(word);
    for (let piece = 0; piece <= slots; piece++) out.varint(endOf(piece) - startOf(piece));
    // The text as a whole, so that a search need not put it together.
    for (let piece = 0; piece <= slots; piece++) {
      if (piece > 0) out.byte(STAND_IN.charCodeAt(0));
      out.append(this.#arena, startOf(piece), endOf(piece));
    }
  }

  #reserveText(text: number, bytes: number): void {
    if (text === this.#textStart.length) {
      this.#textStart = grown(this.#textStart, Int32Array, text * 2);
      this.#textEnd = grown(this.#textEnd, Int32Array, text * 2);
      this.#firstVariable = grown(this.#firstVariable, Int32Array, text * 2);
      this.#templateOf = grown(this.#templateOf, Uint16Array, text * 2);
    }
    const needed = this.#arenaEnd + bytes;
    if (needed > this.#arena.length) {
      this.#arena = grown(this.#arena, Uint8Array, Math.max(needed, this.#arena.length * 2));
    }
  }

  #reserveVariables(count: number): void {
    const needed = this.#variables + count;
    if (needed <= this.#start.length) return;
    const capacity = Math.max(needed, this.#start.length * 2);
    this.#start = grown(this.#start, Int32Array, capacity);
    this.#end = grown(this.#end, Int32Array, capacity);
    this.#hash = grown(this.#hash, Int32Array, capacity);
  }

  /** Forgets the texts; the room that they took stays for the next ones. */
  clear(): void {
    // Room for a usual chunk stays; what a storm of long lines took goes back.
    if (this.#arena.length > ARENA_KEPT_BYTES) this.#arena = new Uint8Array(ARENA_KEPT_BYTES);
    if (this.#start.length > VARIABLES_KEPT) {
      this.#start = new Int32Array(VARIABLES_KEPT);
      this.#end = new Int32Array(VARIABLES_KEPT);
      this.#hash = new Int32Array(VARIABLES_KEPT);
    }
    this.#arenaEnd = 0;
    this.#texts = 0;
    this.#variables = 0;
    this.#templateText = [-1];
    this.#templateSlots = [0];
    this.#templateOddities = [0];
    this.#templateHash = [0];
    this.#table.fill(0);
  }
}

function grown<T extends Int32Array | Uint16Array | Uint8Array>(
  array: T,
  type: new (length: number) => T,
  capacity: number,
): T {
  const copy = new type(capacity);
  copy.set(array);
  return copy;
}
