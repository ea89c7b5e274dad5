/**
 * A word or phrase against the templates of a block. What a template's text decides, it decides for all of its lines at
 * once, so that a million lines cost a few hundred looks. A line is put together only where its variables could matter.
 *
 * Variables are tokens with a digit in them, in text that is all ASCII. So a whole word without digits cannot be part of
 * any, and a pattern without digits not of one whose runs of letters are shorter than it is.
 */

import { type FilterTarget, type PhrasePattern, stripAnsi, type WordPattern } from '@flywatch/core';
import { hasDigit, Oddity } from '../format/lexer.ts';
import type { Template, TextColumnReader } from '../format/text-column-reader.ts';
import { LITERAL, STAND_IN } from '../format/text-column-writer.ts';
import { partialTarget } from './row-target.ts';
import type { RowTest } from './row-test.ts';

/** What a template tells of its lines. */
const NO = 0;
const YES = 1;
/** The line has to be looked at. */
const MAYBE = 2;
/** The line matches where one of its variables is the word. */
const MARKED = 3;

/** The longest run of letters that is noted of a variable; it stands for any longer one too. */
const MAX_WORD = 255;

/**
 * @param matches - the pattern's test on one line
 * @param exact - the same on a row of the block
 */
export function textTest(
  pattern: WordPattern | PhrasePattern,
  matches: (event: FilterTarget) => boolean,
  messages: TextColumnReader,
  exact: (row: number) => boolean,
): RowTest {
  const shape = shapeOf(pattern);
  const { templates, templateOf } = messages;
  const verdicts = new Uint8Array(templates.length);
  let all = NO;
  for (let i = 0; i < templates.length; i++) {
    verdicts[i] = i === LITERAL ? MAYBE : judge(messages, templates[i]!, shape, matches);
    all |= 1 << verdicts[i]!;
  }
  const marks = (all & (1 << MARKED)) === 0 ? undefined : messages.markVariables(shape.text);
  if (marks === undefined) {
    for (let i = 0; i < verdicts.length; i++) if (verdicts[i] === MARKED) verdicts[i] = NO;
  }
  if (!occurs(verdicts, templateOf)) return 'none';
  return (row) => {
    const verdict = verdicts[templateOf[row]!]!;
    if (verdict === NO) return false;
    if (verdict === YES) return true;
    if (verdict === MAYBE) return exact(row);
    return marks![row] === 1 && ((templates[templateOf[row]!]!.oddities & JOINING) === 0 || exact(row));
  };
}

/** Whether any line has a template that does not rule it out; the stand-in for literals has lines only now and then. */
function occurs(verdicts: Uint8Array, templateOf: Uint16Array): boolean {
  let others = false;
  for (let i = 1; i < verdicts.length; i++) if (verdicts[i] !== NO) others = true;
  return others || templateOf.includes(LITERAL);
}

/** Where these are, what stands beside a variable may be part of its word: a letter beyond ASCII, or one before a colour. */
const JOINING = Oddity.beyondAscii | Oddity.ansi;

interface Shape {
  /** In lower case. */
  readonly text: string;
  readonly ascii: boolean;
  readonly digits: boolean;
  /** No wildcard: where it is found, it cuts no token. */
  readonly whole: boolean;
  /** One token and nothing else. */
  readonly token: boolean;
  /** The token characters at its beginning and end, and what is between. */
  readonly head: string;
  readonly middle: string;
  readonly tail: string;
}

function shapeOf(pattern: WordPattern | PhrasePattern): Shape {
  const text = pattern.text.toLowerCase();
  const whole = pattern.type === 'word' && !pattern.leadingWildcard && !pattern.trailingWildcard;
  const head = /^\w*/.exec(text)![0];
  const tail = head === text ? '' : /\w*$/.exec(text)![0];
  return {
    text,
    ascii: /^[\x00-\x7f]*$/.test(text),
    digits: hasDigit(text),
    whole,
    token: whole && /^\w+$/.test(text),
    head,
    middle: text.slice(head.length, text.length - tail.length),
    tail,
  };
}

function judge(
  { searchText: allTexts }: TextColumnReader,
  template: Template,
  shape: Shape,
  matches: (event: FilterTarget) => boolean,
): number {
  const { oddities, words } = template;
  if ((oddities & Oddity.escape) !== 0) return MAYBE;
  // Text that is all ASCII stays so in lower case.
  if (!shape.ascii) return (oddities & Oddity.beyondAscii) === 0 ? NO : MAYBE;
  let searchText: string;
  if ((oddities & JOINING) === 0) searchText = allTexts.slice(template.start, template.end);
  else searchText = stripAnsi(template.pieces.join(STAND_IN)).toLowerCase();
  if (words.length === 0) return matches(partialTarget({ searchText })) ? YES : NO;
  if (shape.digits) return shape.token ? MARKED : MAYBE;
  if (matches(partialTarget({ searchText }))) return YES;
  if (shape.whole) return NO;
  if ((oddities & JOINING) !== 0) return MAYBE;
  return mayTouch(template, shape, allTexts) ? MAYBE : NO;
}

/**
 * Whether part of the pattern could be the end or the beginning of a variable: it has to be long enough, and what is left
 * over of the pattern has to stand beside it.
 */
function mayTouch(template: Template, { head, middle, tail }: Shape, allTexts: string): boolean {
  const { words } = template;
  const fits = (part: string, slot: number) => part !== '' && words[slot]! >= Math.min(part.length, MAX_WORD);
  let slots: Uint32Array | undefined;
  for (let slot = 0; slot < words.length; slot++) {
    const atHead = fits(head, slot);
    if (!atHead && !fits(tail, slot)) continue;
    if (middle === '') return true;
    slots ??= template.slots();
    const at = slots[slot]!;
    if (atHead && allTexts.startsWith(middle, at + 1)) {
      if (allTexts.startsWith(tail, at + 1 + middle.length)) return true;
      if (slots[slot + 1] === at + 1 + middle.length && fits(tail, slot + 1)) return true;
    }
    if (fits(tail, slot) && allTexts.slice(template.start, at).endsWith(head + middle)) return true;
  }
  return false;
}
