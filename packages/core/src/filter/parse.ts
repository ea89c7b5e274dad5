/**
 * The structure of a filter: `or` of `and` of terms, groups and negations. A recursive descent that recurses only into
 * groups, whose depth is bounded; chains of `and` and `or` are loops and become one flat node.
 *
 *     or    = and { "or" and }
 *     and   = not { [ "and" ] not }
 *     not   = [ "-" ] ( "(" or ")" | term )
 */

import type { FilterNode, FilterPosition } from './ast.ts';
import { FilterSyntaxError, quoteForMessage } from './filter-syntax-error.ts';
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS } from './limits.ts';
import { assertFieldPattern } from './record-fields.ts';
import { isBlankAt, isTermEnd, scanTerm } from './scan-term.ts';

/** The tree of a filter. Blank text matches everything; throws {@link FilterSyntaxError} where it cannot be read. */
export function parseFilter(text: string): FilterNode {
  if (text.length > MAX_FILTER_LENGTH) {
    throw new FilterSyntaxError(
      `a filter of ${text.length} characters is too long`,
      `write at most ${MAX_FILTER_LENGTH}`,
      { start: MAX_FILTER_LENGTH, end: text.length },
    );
  }
  return new Parser(text).parse();
}

type Keyword = 'and' | 'or';

class Parser {
  readonly #text: string;
  #at = 0;
  /** End of what was read last, without the blanks behind it: where a node ends. */
  #end = 0;
  #terms = 0;
  /** Groups that are open. */
  readonly #groups: FilterPosition[] = [];
  /** The `and` or `or` that still waits for what stands on its right. */
  #operator: FilterPosition | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): FilterNode {
    this.#skipBlanks();
    if (this.#at === this.#text.length) return { type: 'all', position: { start: 0, end: this.#text.length } };
    const node = this.#parseOr();
    if (this.#at < this.#text.length) throw this.#unmatchedClose();
    return node;
  }

  #parseOr(): FilterNode {
    this.#skipBlanks();
    const start = this.#at;
    const first = this.#parseAnd();
    if (this.#keyword() !== 'or') return first;
    const terms = first.type === 'or' ? [...first.terms] : [first];
    while (this.#keyword() === 'or') {
      this.#readOperator('or');
      const next = this.#parseAnd();
      if (next.type === 'or') terms.push(...next.terms);
      else terms.push(next);
    }
    return { type: 'or', terms, position: { start, end: this.#end } };
  }

  #parseAnd(): FilterNode {
    this.#skipBlanks();
    const start = this.#at;
    const terms: FilterNode[] = [];
    let count = 0;
    let node: FilterNode;
    do {
      node = this.#parseNot();
      count++;
      if (node.type === 'and') terms.push(...node.terms);
      else terms.push(node);
      if (this.#keyword() === 'and') this.#readOperator('and');
    } while (this.#operator !== undefined || this.#isTermNext());
    return count === 1 ? node : { type: 'and', terms, position: { start, end: this.#end } };
  }

  #parseNot(): FilterNode {
    this.#skipBlanks();
    if (this.#text[this.#at] !== '-') return this.#parseOperand();
    const start = this.#at;
    this.#at++;
    const next = this.#text[this.#at];
    if (next === '-' || (isTermEnd(this.#text, this.#at) && next !== '(')) {
      throw this.#error(start, next === '-' ? this.#at + 1 : this.#at, 'stands alone', NEGATION_REMEDY);
    }
    const keyword = this.#keyword();
    if (keyword !== undefined) {
      throw this.#error(start, this.#at + keyword.length, 'negates an operator', 'quote the word, or negate a term');
    }
    const term = this.#parseOperand();
    return { type: 'not', term, position: { start, end: this.#end } };
  }

  #parseOperand(): FilterNode {
    this.#assertOperandNext();
    this.#operator = undefined;
    if (this.#text[this.#at] === '(') return this.#parseGroup();
    const term = scanTerm(this.#text, this.#at);
    if (++this.#terms > MAX_FILTER_TERMS) {
      const { start, end } = term.position;
      throw this.#error(start, end, 'is a term too many', `write at most ${MAX_FILTER_TERMS} terms`);
    }
    if (term.type === 'field') assertFieldPattern(term);
    this.#advance(term.position.end);
    return term;
  }

  #parseGroup(): FilterNode {
    const open = { start: this.#at, end: this.#at + 1 };
    if (this.#groups.length === MAX_FILTER_DEPTH) {
      throw this.#error(open.start, open.end, 'nests too deep', `nest groups at most ${MAX_FILTER_DEPTH} deep`);
    }
    this.#groups.push(open);
    this.#advance(open.end);
    const node = this.#parseOr();
    if (this.#at === this.#text.length) throw this.#unclosedGroup();
    this.#groups.pop();
    this.#advance(this.#at + 1);
    return node;
  }

  /** Throws where neither a term nor a group follows, with the error that says why. */
  #assertOperandNext(): void {
    const keyword = this.#keyword();
    const atEnd = this.#at === this.#text.length;
    if (!atEnd && keyword === undefined && this.#text[this.#at] !== ')') return;
    if (this.#operator !== undefined) {
      const { start, end } = this.#operator;
      throw this.#error(start, end, 'has nothing on its right', OPERATOR_REMEDY);
    }
    if (keyword !== undefined) {
      throw this.#error(this.#at, this.#at + keyword.length, 'has nothing on its left', OPERATOR_REMEDY);
    }
    const group = this.#groups.at(-1);
    if (group === undefined) throw this.#unmatchedClose();
    if (atEnd) throw this.#unclosedGroup();
    throw this.#error(group.start, this.#at + 1, 'is an empty group', 'write a term inside, or quote the text');
  }

  #isTermNext(): boolean {
    return this.#at < this.#text.length && this.#text[this.#at] !== ')' && this.#keyword() === undefined;
  }

  /** The keyword that comes next, in any case; `and*`, `or:x` and `"or"` are none. */
  #keyword(): Keyword | undefined {
    for (const keyword of ['and', 'or'] as const) {
      const end = this.#at + keyword.length;
      if (this.#text.slice(this.#at, end).toLowerCase() === keyword && isTermEnd(this.#text, end)) return keyword;
    }
    return undefined;
  }

  #readOperator(keyword: Keyword): void {
    this.#operator = { start: this.#at, end: this.#at + keyword.length };
    this.#advance(this.#operator.end);
  }

  #advance(end: number): void {
    this.#end = end;
    this.#at = end;
    this.#skipBlanks();
  }

  #skipBlanks(): void {
    while (this.#at < this.#text.length && isBlankAt(this.#text, this.#at)) this.#at++;
  }

  #unmatchedClose(): FilterSyntaxError {
    return this.#error(this.#at, this.#at + 1, 'has no `(` before it', 'take it out, or quote the text');
  }

  #unclosedGroup(): FilterSyntaxError {
    const open = this.#groups.at(-1)!;
    return this.#error(open.start, open.end, 'is never closed', 'add a `)`, or quote the text');
  }

  #error(start: number, end: number, problem: string, remedy: string): FilterSyntaxError {
    return new FilterSyntaxError(`${quoteForMessage(this.#text.slice(start, end))} ${problem}`, remedy, { start, end });
  }
}

const NEGATION_REMEDY = 'put one `-` directly before a term or a group, or quote the text';
const OPERATOR_REMEDY = 'write a term on either side, or quote the word';
