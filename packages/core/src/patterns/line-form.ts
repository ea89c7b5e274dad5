/**
 * The form of a line: what its statement in somebody's code printed each time, value by value replaced by a stand-in, so that
 * lines of one statement mostly have one form. By looks alone, without knowing the program:
 *
 *   Received block blk_-1608 of size 67108864 from /10.250.19.102   →   Received block 0 of size 0 from /0
 *
 * A run of letters, digits and `_` that has a digit in it is a value, as in the store's templates: a template of the store has the
 * form of its lines. Linear in the length of the line, whatever it is.
 */

import { stripAnsi } from '../ansi.ts';
import { parseStructure } from '../structure.ts';

/** Stands for a value. No form has a digit of its own. */
export const STAND_IN = '0';

/** Characters of a line that tell its form: a dump is known by its beginning. */
const MAX_CHARS = 2000;

/** Words of a form; what comes after them is left out. */
const MAX_WORDS = 120;

/** Keys under which structured loggers write their text, most common first. */
const MESSAGE_KEYS = ['msg', 'message', 'event', '@m', '@mt', 'text'];

/** The words of a line's form. A JSON object is its message, or else its keys; of several lines the first one tells. */
export function lineForm(line: string): readonly string[] {
  const text = stripAnsi(line).trimStart();
  const structure = text.startsWith('{') ? parseStructure(text) : undefined;
  if (structure === undefined) return wordsOf(text);
  for (const key of MESSAGE_KEYS) {
    const value = Object.hasOwn(structure, key) ? structure[key] : undefined;
    if (typeof value === 'string' && value.trim() !== '') return wordsOf(value.trimStart());
  }
  return wordsOf(`{${Object.keys(structure).join(' ')}}`);
}

function wordsOf(text: string): readonly string[] {
  const end = text.search(/[\r\n]/);
  const first = text.slice(0, Math.min(end === -1 ? text.length : end, MAX_CHARS));
  const masked = first.replace(/\w+/g, (run) => (HAS_DIGIT.test(run) ? STAND_IN : run));
  const words = masked.split(/\s+/, MAX_WORDS).map(settle);
  if (words.at(-1) === '') words.pop();
  return words.map((word, i) => {
    if (isCalendar(word, words[i + 1], words[i - 1])) return STAND_IN;
    // `4.1 KB` and `932 B` are one value, written by one statement.
    return words[i - 1]?.endsWith(STAND_IN) ? word.replace(UNIT, STAND_IN) : word;
  });
}

const UNIT = /^(?:[kKMGT]?i?B|bytes?|[mnu]?s|sec|seconds?|minutes?)(?![\w-])/;

const HAS_DIGIT = /\d/;

/** Joins the stand-ins of one value: of an address, an id with dashes, a number with a sign. */
function settle(word: string): string {
  if (!word.includes(STAND_IN)) return word;
  return word
    .replace(/[\w-]+/g, (run) => (isOneValue(run) ? STAND_IN : run))
    .replace(/\+0/g, STAND_IN)
    .replace(/0(?:[.:/,_-]+0)+/g, STAND_IN);
}

/** `-0`, `blk_-0`, and ids such as `0-cafe-0-0`: of their parts some are values, and the others happen to have no digits. */
function isOneValue(run: string): boolean {
  const values = run.split('-').filter((part) => part === STAND_IN).length;
  return values > 1 || (values === 1 && /^(?:[A-Za-z]*_)?-?0$/.test(run));
}

const CALENDAR = new Set('Mon Tue Wed Thu Fri Sat Sun Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '));

/** A month or a day in a date: beside a number, or beside another one of them. */
function isCalendar(word: string, next: string | undefined, before: string | undefined): boolean {
  if (!CALENDAR.has(word)) return false;
  return [next, before].some((beside) => beside !== undefined && (beside.startsWith(STAND_IN) || CALENDAR.has(beside)));
}
