/**
 * A selection as a test of rows. For each block it is prepared anew: labels are judged once a stream, words once a
 * template, and often that tells of the whole block. What is left is judged row by row, by the very code that judges live
 * events, so that both agree on every line.
 */

import {
  compileFilter,
  type FieldNode,
  type FilterNode,
  type FilterTarget,
  LEVELS,
  type Level,
  LIST_PARAMETERS,
  levelRank,
  parseFilter,
  type Selection,
  type TextNode,
} from '@flywatch/core';
import { linearRegexes } from '../../linear-regex.ts';
import { hasDigit } from '../format/lexer.ts';
import { HAS_EXTRAS, HAS_STRUCTURE } from '../format/packed-event.ts';
import type { RowBlock } from '../format/row-block.ts';
import type { Stream } from '../format/stream.ts';
import type { TextColumnReader } from '../format/text-column-reader.ts';
import { LITERAL } from '../format/text-column-writer.ts';
import { partialTarget, RowTarget } from './row-target.ts';
import { textTest } from './text-test.ts';

/** What is known of the rows of a block: none match, all do, or it depends. */
export type RowTest = 'none' | 'all' | ((row: number) => boolean);

/** A selection, and labels that must be just so: `undefined` where a label must be missing. */
export interface RowSelection extends Selection {
  readonly exact?: Readonly<Partial<Pick<Stream, 'app' | 'instance' | 'host'>>> | undefined;
  /** The instance or, where there is none of that name, the host. */
  readonly machine?: string | undefined;
  /** This level and no other. */
  readonly onlyLevel?: Level | undefined;
}

/** A selection made ready: handed a block, it gives the test of its rows. */
export class RowTester {
  readonly #prepare: ((block: Looked) => RowTest)[] = [];
  readonly node: FilterNode | undefined;

  /** @throws {FilterSyntaxError} */
  constructor(selection: RowSelection) {
    const { level, lists, q, exact, machine, onlyLevel } = selection;
    if (level !== undefined && level !== 'trace') this.#prepare.push(levelsFrom(levelRank(level)));
    if (onlyLevel !== undefined) this.#prepare.push(levelTest((rank) => rank === levelRank(onlyLevel)));
    for (const name of LIST_PARAMETERS) {
      const values = lists[name];
      if (values === undefined) continue;
      const wanted = new Set<string | undefined>(values);
      this.#prepare.push(streamTest((stream) => wanted.has(stream[name])));
    }
    if (exact !== undefined) {
      const names = Object.keys(exact) as (keyof typeof exact)[];
      this.#prepare.push(streamTest((stream) => names.every((name) => stream[name] === exact[name])));
    }
    if (machine !== undefined)
      this.#prepare.push(streamTest(({ instance, host }) => instance === machine || host === machine));
    if (q !== undefined) {
      this.node = parseFilter(q);
      const regex = linearRegexes();
      this.#prepare.push(prepareNode(this.node, (node) => compileFilter(node, { regex }).matches));
    }
  }

  /** Whether every event passes. */
  get isAll(): boolean {
    return this.#prepare.length === 0;
  }

  /** The test of a block's rows. */
  test(block: RowBlock): RowTest {
    const looked = new Looked(block);
    return everyOf(this.#prepare, looked);
  }
}

/** A block and the one target that all parts of a test share, so that a line is put together once. */
class Looked {
  readonly block: RowBlock;
  readonly target: RowTarget;

  constructor(block: RowBlock) {
    this.block = block;
    this.target = new RowTarget(block);
  }
}

type Prepare = (looked: Looked) => RowTest;
type Matches = (event: FilterTarget) => boolean;

function everyOf(parts: readonly Prepare[], looked: Looked): RowTest {
  const tests: ((row: number) => boolean)[] = [];
  for (const part of parts) {
    const test = part(looked);
    if (test === 'none') return 'none';
    if (test !== 'all') tests.push(test);
  }
  const [first, second] = tests;
  if (first === undefined) return 'all';
  if (second === undefined) return first;
  return (row) => {
    for (let i = 0; i < tests.length; i++) if (!tests[i]!(row)) return false;
    return true;
  };
}

function someOf(parts: readonly Prepare[], looked: Looked): RowTest {
  const tests: ((row: number) => boolean)[] = [];
  for (const part of parts) {
    const test = part(looked);
    if (test === 'all') return 'all';
    if (test !== 'none') tests.push(test);
  }
  const [first, second] = tests;
  if (first === undefined) return 'none';
  if (second === undefined) return first;
  return (row) => {
    for (let i = 0; i < tests.length; i++) if (tests[i]!(row)) return true;
    return false;
  };
}

function prepareNode(node: FilterNode, compile: (node: FilterNode) => Matches): Prepare {
  switch (node.type) {
    case 'all':
      return () => 'all';
    case 'and':
    case 'or': {
      const parts = [...node.terms].sort((a, b) => cost(a) - cost(b)).map((term) => prepareNode(term, compile));
      return node.type === 'and' ? (looked) => everyOf(parts, looked) : (looked) => someOf(parts, looked);
    }
    case 'not': {
      const part = prepareNode(node.term, compile);
      return (looked) => {
        const test = part(looked);
        if (test === 'none') return 'all';
        return test === 'all' ? 'none' : (row) => !test(row);
      };
    }
    case 'text':
      return prepareText(node, compile(node));
    case 'field':
      return prepareField(node, compile(node));
  }
}

/** Labels before words, words before what has to be parsed, regular expressions last. */
function cost(node: FilterNode): number {
  switch (node.type) {
    case 'all':
      return 0;
    case 'not':
      return cost(node.term);
    case 'text':
      return node.pattern.type === 'regex' ? 8 : 2;
    case 'field':
      if (isLabel(node.name) || node.name === 'level') return 0;
      return node.pattern.type === 'regex' ? 8 : node.name === 'message' ? 2 : 4;
    default:
      return Math.max(...node.terms.map(cost));
  }
}

function rowByRow({ target }: Looked, matches: Matches): (row: number) => boolean {
  return (row) => matches(target.at(row));
}

function prepareText({ pattern }: TextNode, matches: Matches): Prepare {
  return (looked) => {
    const exact = rowByRow(looked, matches);
    const { messages } = looked.block;
    if (messages === undefined || pattern.type === 'regex') return exact;
    return textTest(pattern, matches, messages, exact);
  };
}

function isLabel(name: string): name is (typeof LIST_PARAMETERS)[number] {
  return (LIST_PARAMETERS as readonly string[]).includes(name);
}

function prepareField(node: FieldNode, matches: Matches): Prepare {
  const { name, pattern } = node;
  if (name === 'level') return levelTest((rank) => matches(partialTarget({ level: LEVELS[rank] as Level })));
  if (isLabel(name)) return streamTest((stream) => matches(partialTarget(stream)));
  if (name === 'message' && (pattern.type === 'word' || pattern.type === 'phrase')) {
    return (looked) => {
      const exact = rowByRow(looked, matches);
      const { messages } = looked.block;
      return messages === undefined ? exact : textTest(pattern, matches, messages, exact);
    };
  }
  if (['id', 'time', 'receivedAt', 'message'].includes(name)) return (looked) => rowByRow(looked, matches);
  return parsedFieldTest(node, matches);
}

function levelsFrom(minimum: number): Prepare {
  return levelTest((rank) => rank >= minimum);
}

function levelTest(accepts: (rank: number) => boolean): Prepare {
  const accepted = LEVELS.map((_, rank) => accepts(rank));
  return ({ block }) => {
    const { levels } = block;
    if (levels !== undefined) {
      const present = accepted.filter((_, rank) => levels[rank]! > 0);
      if (!present.includes(true)) return 'none';
      if (!present.includes(false)) return 'all';
    }
    const { level } = block;
    return (row) => accepted[level[row]!]!;
  };
}

function streamTest(accepts: (stream: Stream) => boolean): Prepare {
  return ({ block }) => {
    const accepted = block.streams.map(accepts);
    if (!accepted.includes(true)) return 'none';
    if (!accepted.includes(false)) return 'all';
    const { stream } = block;
    return (row) => accepted[stream[row]!]!;
  };
}

/** A line has a field only where the words of its name stand in it, or where it came with structure of its own. */
function parsedFieldTest({ name }: FieldNode, matches: Matches): Prepare {
  const words = nameWords(name);
  return (looked) => {
    const exact = rowByRow(looked, matches);
    const { messages } = looked.block;
    if (messages === undefined || words.length === 0) return exact;
    const possible = templatesWith(messages, words);
    const { templateOf } = messages;
    const { flags } = looked.block;
    return (row) =>
      (possible[templateOf[row]!] === 1 || (flags[row]! & (HAS_STRUCTURE | HAS_EXTRAS)) !== 0) && exact(row);
  };
}

/** Tokens without digits of a field's name. Its first part may be our own word for where fields are. */
export function nameWords(name: string): string[] {
  const bare = name.replace(/^fields\./, '');
  if (!/^[\x00-\x7f]*$/.test(bare)) return [];
  return bare
    .toLowerCase()
    .split(/\W+/)
    .filter((word) => word !== '' && !hasDigit(word));
}

function templatesWith(messages: TextColumnReader, words: readonly string[]): Uint8Array {
  const tests = words.map((word) => new RegExp(`(?<!\\w)${word}(?!\\w)`));
  const { searchText } = messages;
  return Uint8Array.from(messages.templates, ({ start, end, oddities }, i) => {
    // An escaped key does not stand there as itself, and one with a colour in it has digits in between.
    if (i === LITERAL || oddities !== 0) return 1;
    const text = searchText.slice(start, end);
    return tests.every((test) => test.test(text)) ? 1 : 0;
  });
}
