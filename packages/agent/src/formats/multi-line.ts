/**
 * Which lines belong to the one before: stack traces and pretty-printed objects are one event. The rule looks at bytes,
 * and at nothing but the lines themselves, so that the same bytes give the same events each time they are read.
 *
 * A line goes on with the event before it where it
 * - begins with a tab or with two blanks (Java, Node, .NET, Ruby, PHP; a single blank is how some loggers align levels),
 * - begins with `Caused by:`, `Suppressed:`, `Traceback (most recent call last)` or, after such lines, with a closing bracket,
 * - is the last line of a Python trace, or joins two of them,
 * - is a part of a Go panic,
 * - or is inside an object whose `{` or `[` stands alone on its line.
 *
 * A line that begins with `{` or `[` and has more on it is an event of its own: what loggers write as JSON is never joined.
 */

/**
 * What an event is so far. `whole` takes no further line. `text` may turn into one of the others on its way; `trace` is
 * within a Python trace, `raised` behind the exception that ends it, `panic` within a Go panic, `object` within brackets.
 */
export type Kind = 'whole' | 'text' | 'trace' | 'raised' | 'panic' | 'object';

const TAB = 0x09;
const BLANK = 0x20;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const JOINS = ['Caused by:', 'Suppressed:'].map((text) => Buffer.from(text));
const TRACE = Buffer.from('Traceback (most recent call last)');
const BETWEEN_TRACES = ['During handling of the above', 'The above exception was'].map((text) => Buffer.from(text));
const GOROUTINE = Buffer.from('goroutine ');
const PANIC = [GOROUTINE, ...['panic: ', 'fatal error: '].map((text) => Buffer.from(text))];
const IN_PANIC = [
  ...PANIC,
  ...['created by ', 'exit status ', '[signal ', 'runtime.'].map((text) => Buffer.from(text)),
];
const CLOSE_PARENTHESIS = 0x29;

function begins(line: Buffer, text: Buffer): boolean {
  return line.length >= text.length && line.compare(text, 0, text.length, 0, text.length) === 0;
}

const beginsWithOne = (line: Buffer, texts: readonly Buffer[]) => texts.some((text) => begins(line, text));

function isIndented(line: Buffer): boolean {
  return line[0] === TAB || (line[0] === BLANK && (line[1] === BLANK || line[1] === TAB));
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== BLANK && byte !== TAB) return false;
  return true;
}

/** What an event is that begins with this line. Without its line break. */
export function kindOf(line: Buffer): Kind {
  const first = line[0];
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    if (line.length === 1) return 'object';
    // `[error] …` and `[2026-11-20 …]` are text; so is an array, which the hub keeps as a line all the same.
    return first === OPEN_BRACE ? 'whole' : 'text';
  }
  if (begins(line, TRACE)) return 'trace';
  return beginsWithOne(line, PANIC) ? 'panic' : 'text';
}

/** What an event of this kind is with one more line, or undefined where the line begins the next one. */
export function joined(kind: Kind, line: Buffer, isSecond: boolean): Kind | undefined {
  switch (kind) {
    case 'whole':
      return undefined;
    case 'object':
      if (line[0] === CLOSE_BRACE || line[0] === CLOSE_BRACKET) return 'whole';
      return isIndented(line) ? 'object' : undefined;
    case 'trace':
      if (isIndented(line) || isBlank(line) || begins(line, TRACE)) return 'trace';
      return beginsWithOne(line, BETWEEN_TRACES) ? 'trace' : 'raised';
    case 'raised':
      if (isBlank(line) || isIndented(line)) return 'raised';
      return begins(line, TRACE) || beginsWithOne(line, BETWEEN_TRACES) ? 'trace' : undefined;
    case 'panic':
      if (isBlank(line) || isIndented(line) || beginsWithOne(line, IN_PANIC)) return 'panic';
      return line[line.length - 1] === CLOSE_PARENTHESIS ? 'panic' : undefined;
    case 'text':
      return joinedText(line, isSecond);
  }
}

/** First bytes of lines that a text may take: a look at one byte spares most lines the rest. */
export function mayJoinText(first: number | undefined): boolean {
  switch (first) {
    case TAB:
    case BLANK:
    case CLOSE_BRACE:
    case CLOSE_BRACKET:
    case 0x43: // Caused by
    case 0x53: // Suppressed
    case 0x54: // Traceback
    case 0x67: // goroutine
      return true;
    default:
      return false;
  }
}

function joinedText(line: Buffer, isSecond: boolean): Kind | undefined {
  if (isIndented(line)) return isBlank(line) ? undefined : 'text';
  if (line[0] === CLOSE_BRACE || line[0] === CLOSE_BRACKET) return isSecond ? undefined : 'text';
  if (beginsWithOne(line, JOINS)) return 'text';
  if (begins(line, TRACE)) return 'trace';
  return begins(line, GOROUTINE) ? 'panic' : undefined;
}
