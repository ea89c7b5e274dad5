/** Patterns of files or of standard input: read to their end, or as far as somebody had the patience. */

import type { RegexEngine, Selection } from '@flywatch/core';
import { LineReader } from '../files/line-reader.ts';
import { readInput } from '../files/read-input.ts';
import { tailFiles } from '../files/tail-files.ts';
import { LinePatterns, type LineReport } from './line-patterns.ts';
import { PatternSink } from './pattern-sink.ts';

export interface FilePatternsOptions {
  readonly selection: Selection;
  readonly regex: RegexEngine;
  /** Undefined in both: lines of any time, and those without one. */
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly now: () => number;
}

export class FilePatterns {
  readonly #patterns: LinePatterns;
  #sink: PatternSink | undefined;

  constructor({ selection, regex, sinceMs, untilMs, now }: FilePatternsOptions) {
    const { level, lists, q } = selection;
    const wishes = [sinceMs, untilMs, level, q, ...Object.values(lists)];
    this.#patterns = new LinePatterns({
      reader: new LineReader({ selection, regex, sinceMs, untilMs, now }),
      takesAll: wishes.every((wish) => wish === undefined),
      now,
    });
  }

  /** @param words - paths and patterns of paths, or `-` alone. @returns how many files could not be read */
  async read(words: readonly string[]): Promise<number> {
    const createSink = (name: string | undefined) => {
      this.#sink = new PatternSink(this.#patterns, name);
      return this.#sink;
    };
    if (words.length === 1 && words[0] === '-') {
      await readInput(createSink(undefined), () => {});
      return 0;
    }
    return tailFiles({ words, follow: false, lastLines: undefined, createSink, afterPast: () => {} });
  }

  /** Of what was read so far; nothing may be read after it. */
  report(limit: number): LineReport {
    this.#sink?.end();
    return this.#patterns.report(limit);
  }
}
