/**
 * Lines of files grouped into patterns, as a hub groups what it has kept. What is held is bounded whatever comes: masks of lines with
 * two lines each, and the groups of core's miner.
 *
 * A line is read as a whole only where its mask is new, or does not tell all: with a filter, or in a form in which digits may be the
 * level. Of the others the first line of a mask says what all would: a million lines are some hundred masks.
 */

import { type Envelope, formatTimeMs, LEVELS, type LogEvent, levelRank, lineForm, PatternMiner } from '@flywatch/core';
import { type LineReader, lineTimeMs } from '../files/line-reader.ts';
import { withoutLeadingTime } from '../files/line-time.ts';
import { LineMask } from './line-mask.ts';
import type { ShownPattern } from './shown-pattern.ts';

/** Masks of a file that are counted before they are handed to the miner; some 20 MB where each of them is as long as can be. */
const MAX_MASKS = 5000;

/** Of a line that is kept as an example: bytes, or characters where it was read. */
const EXAMPLE_LENGTH = 1000;

const OPEN_BRACE = 0x7b;

/** A mask whose lines are read one by one: `<34>`, access logs and `level=50` have their level in digits; colours end in a letter. */
const TELLS_LITTLE = /^\s*[{<]|\x1b|\] "|(?:l|severity)=0/i;

/** What is known of the lines of one form. Without a time in them, `firstMs` is greater than `lastMs`. */
interface Tally {
  readonly levels: number[];
  firstMs: number;
  lastMs: number;
  /** The newest line. */
  example: string;
}

/** Lines of one mask in the file that is being read. */
interface Masked {
  readonly form: string;
  readonly rank: number;
  readonly first: string;
  last: string;
  count: number;
}

export interface LinePatternsOptions {
  readonly reader: LineReader;
  /** Whether the reader lets every line through. */
  readonly takesAll: boolean;
  readonly now: () => number;
}

export interface LineReport {
  /** Those with most lines first. */
  readonly patterns: readonly ShownPattern[];
  readonly found: number;
  readonly events: number;
  /** Lines that belong to none, since there were too many different ones. */
  readonly leftOver: number;
}

export class LinePatterns {
  readonly #options: LinePatternsOptions;
  readonly #miner = new PatternMiner<Tally>({ merge });
  readonly #mask = new LineMask();
  /** Null: its lines are read one by one. */
  readonly #masks = new Map<string, Masked | null>();
  #events = 0;

  constructor(options: LinePatternsOptions) {
    this.#options = options;
  }

  /** Takes an event of a file: a line, with those that belong to it. The bytes may be used again afterwards. */
  add(bytes: Buffer, envelope: Envelope): void {
    if (!this.#options.takesAll || bytes[0] === OPEN_BRACE) {
      this.#addRead(bytes, envelope);
      return;
    }
    const key = this.#mask.of(bytes).toString('latin1');
    const known = this.#masks.get(key);
    if (known === undefined) this.#addNew(key, bytes, envelope);
    else if (known === null) this.#addRead(bytes, envelope);
    else {
      known.count++;
      known.last = exampleOf(bytes);
      this.#events++;
    }
  }

  /** To be called at the end of each file: which lines are the first and the last of it is known then. */
  endFile(envelope: Envelope): void {
    for (const masked of this.#masks.values()) {
      if (masked === null) continue;
      const { form, rank, count, first, last } = masked;
      this.#miner.add(form, {
        levels: LEVELS.map((_, i) => (i === rank ? count : 0)),
        firstMs: this.#timeMs(first, envelope) ?? Number.POSITIVE_INFINITY,
        lastMs: this.#timeMs(last, envelope) ?? Number.NEGATIVE_INFINITY,
        example: last,
      });
    }
    this.#masks.clear();
  }

  report(limit: number): LineReport {
    const found = this.#miner.patterns().map(({ pattern, tally }) => describe(pattern, tally));
    found.sort((a, b) => b.count - a.count || (a.pattern < b.pattern ? -1 : 1));
    const { leftOver } = this.#miner;
    return {
      patterns: found.slice(0, limit),
      found: found.length,
      events: this.#events,
      leftOver: leftOver === undefined ? 0 : countOf(leftOver),
    };
  }

  #addNew(key: string, bytes: Buffer, envelope: Envelope): void {
    if (this.#masks.size >= MAX_MASKS) this.endFile(envelope);
    if (TELLS_LITTLE.test(key)) {
      this.#masks.set(key, null);
      this.#addRead(bytes, envelope);
      return;
    }
    const event = this.#options.reader.read(bytes.toString(), envelope)!;
    const line = exampleOf(bytes);
    this.#masks.set(key, { form: formOf(event), rank: levelRank(event.level), count: 1, first: line, last: line });
    this.#events++;
  }

  #addRead(bytes: Buffer, envelope: Envelope): void {
    const line = bytes.toString();
    const event = this.#options.reader.read(line, envelope);
    if (event === undefined) return;
    const atMs = lineTimeMs(event, line, this.#options.now());
    const rank = levelRank(event.level);
    this.#miner.add(formOf(event), {
      levels: LEVELS.map((_, i) => (i === rank ? 1 : 0)),
      firstMs: atMs ?? Number.POSITIVE_INFINITY,
      lastMs: atMs ?? Number.NEGATIVE_INFINITY,
      example: event.message.length <= EXAMPLE_LENGTH ? event.message : exampleOf(Buffer.from(event.message)),
    });
    this.#events++;
  }

  #timeMs(line: string, envelope: Envelope): number | undefined {
    const event = this.#options.reader.read(line, envelope);
    return event === undefined ? undefined : lineTimeMs(event, line, this.#options.now());
  }
}

/**
 * What is grouped: the form and not the line, since the miner remembers texts, and forms are few and short. The time with which a
 * line of a file begins says nothing of what it is.
 */
function formOf({ message }: LogEvent): string {
  return lineForm(withoutLeadingTime(message)).join(' ');
}

/** A text of its own: a slice of a long one would keep all of it. */
function exampleOf(bytes: Buffer): string {
  return bytes.toString('utf8', 0, Math.min(bytes.length, EXAMPLE_LENGTH));
}

function merge(into: Tally, from: Tally): void {
  for (const [rank, count] of from.levels.entries()) into.levels[rank]! += count;
  into.firstMs = Math.min(into.firstMs, from.firstMs);
  if (from.lastMs < into.lastMs) return;
  into.lastMs = from.lastMs;
  into.example = from.example;
}

function countOf({ levels }: Tally): number {
  return levels.reduce((sum, count) => sum + count, 0);
}

function describe(pattern: string, tally: Tally): ShownPattern {
  const { levels, firstMs, lastMs, example } = tally;
  const hasTime = firstMs <= lastMs;
  return {
    pattern,
    count: countOf(tally),
    levels: Object.fromEntries(LEVELS.flatMap((level, rank) => (levels[rank]! > 0 ? [[level, levels[rank]!]] : []))),
    first_seen: hasTime ? formatTimeMs(firstMs) : null,
    last_seen: hasTime ? formatTimeMs(lastMs) : null,
    example: { message: example },
  };
}
