/**
 * Reads one term of a filter: a word, a phrase, a regular expression, or `field:` with one of them, `*` or a comparison.
 *
 * A term ends at a blank, a parenthesis or the end of the text. Every function reads forward from `start` once and
 * returns a part that knows where it ends, so that parsing is linear in the text.
 */

import type {
  ComparisonOperator,
  ComparisonPattern,
  FieldNode,
  FieldPattern,
  FilterPosition,
  PhrasePattern,
  RegexPattern,
  TermNode,
  WordPattern,
} from './ast.ts';
import { FilterSyntaxError, quoteForMessage } from './filter-syntax-error.ts';
import { MAX_FIELD_PARTS } from './limits.ts';

/** The term that begins at `start`, which is neither a blank nor a parenthesis. */
export function scanTerm(text: string, start: number): TermNode {
  const nameEnd = fieldNameEnd(text, start);
  if (nameEnd !== undefined) return scanField(text, start, nameEnd);
  const pattern = scanPattern(text, start);
  return pattern.type === 'present'
    ? { type: 'all', position: pattern.position }
    : { type: 'text', pattern, position: pattern.position };
}

/** Whether the character at `index` ends a term, as the end of the text does. */
export function isTermEnd(text: string, index: number): boolean {
  return index >= text.length || isBlankAt(text, index) || text[index] === '(' || text[index] === ')';
}

/** Blanks between terms: all white space, since a filter may be pasted from a page with no-break spaces. */
export function isBlankAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code <= 32 ? code === 32 || (code >= 9 && code <= 13) : code >= 0xa0 && /\s/.test(text[index]!);
}

/** Where the field name that begins at `start` ends, at its `:`; undefined where the term has none. */
export function fieldNameEnd(text: string, start: number): number | undefined {
  let end = start;
  if (!/[A-Za-z_@]/.test(text[end] ?? '')) return undefined;
  while (end < text.length && /[\w.@\-/]/.test(text[end]!)) end++;
  if (text[end] !== ':') return undefined;
  // `tokio::net` and `https://fly.io` are pasted far more often than a value that begins so: they are words.
  return text[end + 1] === ':' || text.startsWith('//', end + 1) ? undefined : end;
}

function scanField(text: string, start: number, nameEnd: number): FieldNode {
  const name = text.slice(start, nameEnd);
  const named = { start, end: nameEnd + 1 };
  if (name.split('.').length > MAX_FIELD_PARTS) {
    throw syntaxError(text, named, 'has too many parts', `a field name has at most ${MAX_FIELD_PARTS} parts`);
  }
  const at = nameEnd + 1;
  if (text[at] === '(') {
    throw syntaxError(text, named, 'takes no group', `write (${name}:a or ${name}:b)`);
  }
  if (isTermEnd(text, at)) {
    const remedy = `write ${name}:value without a blank, ${name}:* for any value, or quote the text`;
    throw syntaxError(text, named, 'has no value', remedy);
  }
  const pattern: FieldPattern = scanComparison(text, start, at) ?? scanPattern(text, at);
  return {
    type: 'field',
    name,
    namePosition: { start, end: nameEnd },
    pattern,
    position: { start, end: pattern.position.end },
  };
}

function scanComparison(text: string, fieldStart: number, start: number): ComparisonPattern | undefined {
  const operator = comparisonAt(text, start);
  if (operator === undefined) return undefined;
  const at = start + operator.length;
  if (isTermEnd(text, at)) {
    const remedy = 'write the value directly after the sign, as in status:>500';
    throw syntaxError(text, { start: fieldStart, end: at }, 'has no value', remedy);
  }
  if (text[at] === '"') {
    const { text: operand, position } = scanPhrase(text, at);
    return { type: 'comparison', operator, operand, position: { start, end: position.end } };
  }
  const end = runEnd(text, at);
  const operand = text.slice(at, end);
  if (operand.includes('*')) {
    throw syntaxError(text, { start: fieldStart, end }, 'compares with a `*`', 'leave out the `*` or quote the value');
  }
  return { type: 'comparison', operator, operand, position: { start, end } };
}

function comparisonAt(text: string, index: number): ComparisonOperator | undefined {
  const sign = text[index];
  if (sign !== '>' && sign !== '<') return undefined;
  return text[index + 1] === '=' ? `${sign}=` : sign;
}

/** A lone `*` is `present` here; without a field it means everything. */
function scanPattern(text: string, start: number) {
  if (text[start] === '"') return scanPhrase(text, start);
  if (text[start] === '/') return scanRegex(text, start);
  return scanWord(text, start);
}

function scanWord(text: string, start: number): WordPattern | { type: 'present'; position: FilterPosition } {
  const end = runEnd(text, start);
  const position = { start, end };
  let from = start;
  let to = end;
  while (from < to && text[from] === '*') from++;
  if (from === to) return { type: 'present', position };
  while (text[to - 1] === '*') to--;
  const word = text.slice(from, to);
  if (word.includes('*')) {
    throw syntaxError(
      text,
      position,
      'has a `*` inside',
      'a `*` stands at the beginning or the end of a word: quote the text, or write a regular expression such as /a.*b/',
    );
  }
  return { type: 'word', text: word, leadingWildcard: from > start, trailingWildcard: to < end, position };
}

/** End of the run of characters from `start` that may be a word. */
function runEnd(text: string, start: number): number {
  let end = start;
  while (!isTermEnd(text, end)) {
    if (text[end] === '"') {
      const position = { start, end: end + 1 };
      throw syntaxError(text, position, 'has a quote inside', 'quote the whole text and write \\" for a quote inside');
    }
    end++;
  }
  return end;
}

function scanPhrase(text: string, start: number): PhrasePattern {
  let phrase = '';
  let copied = start + 1;
  let at = copied;
  while (at < text.length && text[at] !== '"') {
    // Any other backslash stands for itself, so that "C:\temp" needs no care.
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) {
      phrase += text.slice(copied, at);
      copied = at + 1;
      at += 2;
    } else at++;
  }
  if (at >= text.length) {
    throw syntaxError(text, { start, end: text.length }, 'has no closing quote', 'end the phrase with a double quote');
  }
  const position = { start, end: at + 1 };
  phrase += text.slice(copied, at);
  if (phrase === '') {
    throw syntaxError(
      text,
      position,
      'is empty',
      'write text between the quotes; field:* is any value, /^$/ an empty one',
    );
  }
  if (!isTermEnd(text, at + 1)) {
    const remedy = 'put a blank after the closing quote, or write \\" for a quote inside';
    throw syntaxError(text, { start, end: at + 2 }, 'goes on after its closing quote', remedy);
  }
  return { type: 'phrase', text: phrase, position };
}

const PATH_REMEDY = 'a `/` opens a regular expression: quote a path, as in "/usr/bin"';

function scanRegex(text: string, start: number): RegexPattern {
  let source = '';
  let copied = start + 1;
  let at = copied;
  while (at < text.length && text[at] !== '/') {
    if (text[at] !== '\\') at++;
    else {
      if (text[at + 1] === '/') {
        source += text.slice(copied, at);
        copied = at + 1;
      }
      at += 2;
    }
  }
  if (at >= text.length) {
    throw syntaxError(text, { start, end: text.length }, 'has no closing `/`', PATH_REMEDY);
  }
  source += text.slice(copied, at);
  let end = at + 1;
  while (!isTermEnd(text, end)) end++;
  const position = { start, end };
  if (source === '') throw syntaxError(text, position, 'is an empty regular expression', PATH_REMEDY);
  const flags = text.slice(at + 1, end);
  if (flags !== '' && flags !== 'i') {
    const remedy = `only i (any case) may follow the closing \`/\`; ${PATH_REMEDY}`;
    throw syntaxError(text, position, `has the unknown flag ${quoteForMessage(flags)}`, remedy);
  }
  return { type: 'regex', source, ignoreCase: flags === 'i', position };
}

function syntaxError(text: string, position: FilterPosition, problem: string, remedy: string): FilterSyntaxError {
  return new FilterSyntaxError(
    `${quoteForMessage(text.slice(position.start, position.end))} ${problem}`,
    remedy,
    position,
  );
}
