/** Reads what `text-column-writer.ts` wrote: any text by its number, and which texts have a token among their variables. */

import { ByteReader } from './byte-writer.ts';
import { Oddity } from './lexer.ts';
import { SlotKind } from './slot-writer.ts';
import { LITERAL, STAND_IN, type TextColumnBytes } from './text-column-writer.ts';

/** What does not vary in the lines of a template. Strings are made when they are asked for: most templates never are. */
export class Template {
  /** What is in it besides plain ASCII, as bits; see `Oddity`. */
  readonly oddities: number;
  /** Of each variable, the longest run of letters that it has in these lines; 255 stands for any more. */
  readonly words: Uint8Array;
  /** Where its text lies in the block of all templates. */
  readonly start: number;
  readonly end: number;
  readonly #block: Buffer;
  readonly #lengths: Uint32Array;
  #pieces: readonly string[] | undefined;

  constructor(block: Buffer, oddities: number, words: Uint8Array, lengths: Uint32Array, start: number, end: number) {
    this.#block = block;
    this.oddities = oddities;
    this.words = words;
    this.#lengths = lengths;
    this.start = start;
    this.end = end;
  }

  /** Where each variable's stand-in is in the block. */
  slots(): Uint32Array {
    const slots = new Uint32Array(this.words.length);
    let at = this.start;
    for (let slot = 0; slot < slots.length; slot++) {
      at += this.#lengths[slot]!;
      slots[slot] = at;
      at += STAND_IN.length;
    }
    return slots;
  }

  /** All of it, a stand-in in place of each variable. */
  get text(): string {
    return this.#block.toString((this.oddities & Oddity.beyondAscii) === 0 ? 'latin1' : 'utf8', this.start, this.end);
  }

  /** Pieces around the variables, one more than there are of those. */
  get pieces(): readonly string[] {
    if (this.#pieces === undefined) {
      const encoding = (this.oddities & Oddity.beyondAscii) === 0 ? 'latin1' : 'utf8';
      let at = this.start;
      this.#pieces = Array.from(this.#lengths, (length) => {
        const piece = length === 0 ? '' : this.#block.toString(encoding, at, at + length);
        at += length + STAND_IN.length;
        return piece;
      });
    }
    return this.#pieces;
  }
}

/** The columns with the texts' values, which take most of the bytes: fetched when the first text is asked for. */
export type ValueColumns = Omit<TextColumnBytes, 'templates' | 'templateOf' | 'literals'>;

export class TextColumnReader {
  readonly count: number;
  /** Template of each text. */
  readonly templateOf: Uint16Array;
  /** By number; the first is a stand-in for literals. */
  readonly templates: readonly Template[];
  readonly #block: Buffer;
  #searchText: string | undefined;
  readonly #fetchValues: () => ValueColumns;
  readonly #literals: () => Uint8Array;
  #literalTexts: { readonly bytes: Buffer; readonly ends: Uint32Array } | undefined;
  /** Of each text: how many of its template come before it. */
  #rank: Uint32Array | undefined;
  #values: Values | undefined;

  constructor(
    columns: Pick<TextColumnBytes, 'templates' | 'templateOf'>,
    fetchLiterals: () => Uint8Array,
    fetchValues: () => ValueColumns,
  ) {
    this.#fetchValues = fetchValues;
    this.#literals = fetchLiterals;
    this.#block = asBuffer(columns.templates);
    this.templates = readTemplates(this.#block);
    const count = columns.templateOf.length / 2;
    this.count = count;
    this.templateOf = new Uint16Array(count);
    for (let text = 0; text < count; text++) {
      this.templateOf[text] = columns.templateOf[text]! | (columns.templateOf[count + text]! << 8);
    }
  }

  text(index: number): string {
    if (this.templateOf[index] === LITERAL) return this.#literal(this.rank[index]!);
    this.#values ??= new Values(this, this.#fetchValues());
    return this.#values.text(index);
  }

  /** All templates' texts, in lower case, at the places that they say; what is beyond ASCII reads as something else. */
  get searchText(): string {
    this.#searchText ??= this.#block.toString('latin1').toLowerCase();
    return this.#searchText;
  }

  get rank(): Uint32Array {
    if (this.#rank === undefined) {
      const seen = new Uint32Array(this.templates.length);
      this.#rank = new Uint32Array(this.count);
      for (let text = 0; text < this.count; text++) this.#rank[text] = seen[this.templateOf[text]!]!++;
    }
    return this.#rank;
  }

  #literal(rank: number): string {
    this.#literalTexts ??= readLiterals(this.#literals(), this.templateOf);
    const { bytes, ends } = this.#literalTexts;
    return bytes.toString('utf8', ends[rank]!, ends[rank + 1]!);
  }

  /**
   * Marks texts that have `word`, an ASCII token with a digit, among their variables, letters' case ignored. Literals and
   * texts of odd templates are left out.
   */
  markVariables(word: string): Uint8Array | undefined {
    this.#values ??= new Values(this, this.#fetchValues());
    return this.#values.mark(word.toLowerCase());
  }
}

const NO_TEMPLATE = new Template(Buffer.alloc(0), Oddity.escape, new Uint8Array(0), new Uint32Array(1), 0, 0);

function readTemplates(block: Buffer): Template[] {
  const reader = new ByteReader(block);
  const templates: Template[] = [NO_TEMPLATE];
  while (reader.at < block.length) {
    const slots = reader.varint();
    const oddities = reader.byte();
    const words = block.subarray(reader.at, reader.at + slots);
    reader.at += slots;
    const lengths = new Uint32Array(slots + 1);
    let bytes = slots * STAND_IN.length;
    for (let piece = 0; piece <= slots; piece++) {
      lengths[piece] = reader.varint();
      bytes += lengths[piece]!;
    }
    const start = reader.at;
    reader.at += bytes;
    templates.push(new Template(block, oddities, words, lengths, start, reader.at));
  }
  return templates;
}

/** Where the literals lie: each ends where the next one begins. They stay bytes, since most are long and few are asked for. */
function readLiterals(block: Uint8Array, templateOf: Uint16Array): { bytes: Buffer; ends: Uint32Array } {
  const count = templateOf.reduce((sum, template) => (template === LITERAL ? sum + 1 : sum), 0);
  const reader = new ByteReader(block);
  const ends = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) ends[i + 1] = ends[i]! + reader.varint();
  return { bytes: asBuffer(block.subarray(reader.at)), ends };
}

/** The variables, as long strings that single values are slices of. */
class Values {
  readonly #column: TextColumnReader;
  readonly #constants: Lines;
  readonly #ids: Uint8Array;
  readonly #fixed: string;
  readonly #varied: Lines;
  /**
   * Per slot of all templates, one after the other: its kind; its first constant, or its width; and where its values, or
   * their numbers, begin.
   */
  readonly #kind: Uint8Array;
  readonly #parameter: Uint32Array;
  readonly #at: Uint32Array;
  readonly #firstSlot: Uint32Array;
  readonly #templateOfSlot: Uint16Array;
  /** Slots by the block in which their values lie, in the order in which they lie there. */
  readonly #constantSlots: number[] = [];
  readonly #fixedSlots: number[] = [];
  readonly #variedSlots: number[] = [];
  /** Texts by template, and where each template's begin. */
  readonly #order: Uint32Array;
  readonly #begin: Uint32Array;

  constructor(column: TextColumnReader, values: ValueColumns) {
    this.#column = column;
    const { templateOf, templates } = column;
    const begin = new Uint32Array(templates.length + 1);
    for (let text = 0; text < column.count; text++) begin[templateOf[text]! + 1]!++;
    for (let i = 1; i < begin.length; i++) begin[i]! += begin[i - 1]!;
    this.#begin = begin;
    this.#order = new Uint32Array(column.count);
    for (let text = 0; text < column.count; text++) {
      this.#order[begin[templateOf[text]!]! + column.rank[text]!] = text;
    }

    const reader = new ByteReader(values.slots);
    let slots = 0;
    this.#firstSlot = new Uint32Array(templates.length);
    for (let i = 1; i < templates.length; i++) {
      this.#firstSlot[i] = slots;
      slots += templates[i]!.words.length;
    }
    this.#kind = new Uint8Array(slots);
    this.#parameter = new Uint32Array(slots);
    this.#at = new Uint32Array(slots);
    this.#templateOfSlot = new Uint16Array(slots);
    let constantsAt = 0;
    let idsAt = 0;
    let fixedAt = 0;
    let variedAt = 0;
    let slot = 0;
    for (let template = 1; template < templates.length; template++) {
      const lines = begin[template + 1]! - begin[template]!;
      for (let i = templates[template]!.words.length; i > 0; i--, slot++) {
        const kind = reader.byte();
        this.#kind[slot] = kind;
        this.#templateOfSlot[slot] = template;
        if (kind === SlotKind.constant) {
          this.#constantSlots.push(slot);
          this.#parameter[slot] = constantsAt++;
        } else if (kind === SlotKind.dictionary) {
          this.#constantSlots.push(slot);
          this.#parameter[slot] = constantsAt;
          constantsAt += reader.byte();
          this.#at[slot] = idsAt;
          idsAt += lines;
        } else if (kind === SlotKind.fixed) {
          const width = reader.varint();
          this.#fixedSlots.push(slot);
          this.#parameter[slot] = width;
          this.#at[slot] = fixedAt;
          fixedAt += width * lines;
        } else {
          this.#variedSlots.push(slot);
          this.#at[slot] = variedAt;
          variedAt += lines;
        }
      }
    }
    this.#constants = new Lines(values.constants, constantsAt);
    this.#varied = new Lines(values.varied, variedAt);
    this.#ids = values.dictionaryIds;
    this.#fixed = asBuffer(values.fixed).toString('latin1');
  }

  text(index: number): string {
    const template = this.#column.templateOf[index]!;
    const rank = this.#column.rank[index]!;
    const { pieces } = this.#column.templates[template]!;
    let text = pieces[0]!;
    let slot = this.#firstSlot[template]!;
    for (let i = 1; i < pieces.length; i++, slot++) text += this.#value(slot, rank) + pieces[i]!;
    return text;
  }

  #value(slot: number, rank: number): string {
    const at = this.#at[slot]!;
    switch (this.#kind[slot]) {
      case SlotKind.constant:
        return this.#constants.line(this.#parameter[slot]!);
      case SlotKind.dictionary:
        return this.#constants.line(this.#parameter[slot]! + this.#ids[at + rank]!);
      case SlotKind.fixed: {
        const width = this.#parameter[slot]!;
        return this.#fixed.slice(at + rank * width, at + (rank + 1) * width);
      }
      default:
        return this.#varied.line(at + rank);
    }
  }

  mark(word: string): Uint8Array | undefined {
    const marks = new Uint8Array(this.#column.count);
    let found = false;
    const hit = (slot: number, rank: number) => {
      found = true;
      marks[this.#order[this.#begin[this.#templateOfSlot[slot]!]! + rank]!] = 1;
    };
    this.#constants.eachLine(word, (line) => {
      const slot = this.#slotAt(this.#constantSlots, this.#parameter, line);
      const lines = this.#linesOf(slot);
      if (this.#kind[slot] === SlotKind.constant) {
        for (let rank = 0; rank < lines; rank++) hit(slot, rank);
        return;
      }
      const id = line - this.#parameter[slot]!;
      const at = this.#at[slot]!;
      for (let rank = 0; rank < lines; rank++) if (this.#ids[at + rank] === id) hit(slot, rank);
    });
    this.#varied.eachLine(word, (line) => {
      const slot = this.#slotAt(this.#variedSlots, this.#at, line);
      hit(slot, line - this.#at[slot]!);
    });
    const fixed = lowered(this.#fixed, word);
    for (let place = fixed.indexOf(word); place !== -1; place = fixed.indexOf(word, place + 1)) {
      const slot = this.#slotAt(this.#fixedSlots, this.#at, place);
      const width = this.#parameter[slot]!;
      const within = place - this.#at[slot]!;
      if (width === word.length && within % width === 0) hit(slot, within / width);
    }
    return found ? marks : undefined;
  }

  #linesOf(slot: number): number {
    const template = this.#templateOfSlot[slot]!;
    return this.#begin[template + 1]! - this.#begin[template]!;
  }

  /** The last of `slots` whose values begin at or before `place`. */
  #slotAt(slots: readonly number[], begins: Uint32Array, place: number): number {
    let low = 0;
    let high = slots.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (begins[slots[middle]!]! <= place) low = middle;
      else high = middle - 1;
    }
    return slots[low]!;
  }
}

/** Values one a line, found by their number. */
class Lines {
  readonly #text: string;
  readonly #start: Uint32Array;

  constructor(bytes: Uint8Array, count: number) {
    this.#text = asBuffer(bytes).toString('latin1');
    this.#start = new Uint32Array(count + 1);
    let line = 1;
    for (let i = 0; i < bytes.length && line <= count; i++) if (bytes[i] === 0x0a) this.#start[line++] = i + 1;
  }

  line(index: number): string {
    return this.#text.slice(this.#start[index], this.#start[index + 1]! - 1);
  }

  /** Numbers of the lines that are `folded`, letters' case ignored. */
  eachLine(folded: string, visit: (line: number) => void): void {
    const text = lowered(this.#text, folded);
    const starts = this.#start;
    for (let place = text.indexOf(folded); place !== -1; place = text.indexOf(folded, place + 1)) {
      let low = 0;
      let high = starts.length - 2;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (starts[middle]! <= place) low = middle;
        else high = middle - 1;
      }
      if (starts[low] === place && starts[low + 1]! - 1 - place === folded.length) visit(low);
    }
  }
}

/** `text` as it has to be to look for `word`, which is in lower case. */
function lowered(text: string, word: string): string {
  return /[a-z]/.test(word) ? text.toLowerCase() : text;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
