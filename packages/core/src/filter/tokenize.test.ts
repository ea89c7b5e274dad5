import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode } from './ast.ts';
import { anyFilterText } from './filter-text.fixture.ts';
import { parseFilter } from './parse.ts';
import { tokenizeFilter } from './tokenize.ts';

/** The pieces as `type text`, with `!` before the negated ones. */
function piecesOf(text: string): string[] {
  return tokenizeFilter(text).map(
    ({ type, start, end, negated }) => `${negated ? '!' : ''}${type} ${text.slice(start, end)}`,
  );
}

describe('the pieces of a filter', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['app:web timeout', ['name app:', 'value web', 'text timeout']],
    ['-app:"a b" x', ['!negation -', '!name app:', '!value "a b"', 'text x']],
    ['(a OR b)', ['parenthesis (', 'text a', 'operator OR', 'text b', 'parenthesis )']],
    ['-(a and', ['!negation -', '!parenthesis (', 'text a', 'operator and']],
    ['"and" or*', ['text "and"', 'text or*']],
    ['status:>', ['name status:', 'value >']],
    ['status:', ['name status:', 'value ']],
    ['status: x', ['name status:', 'value ', 'text x']],
    ['app:(a', ['name app:', 'value ', 'parenthesis (', 'text a']],
    ['a "b c', ['text a', 'text "b c']],
    ['a*b app:x', ['text a*b', 'name app:', 'value x']],
    ['/a b/x app:x', ['text /a', 'text b/x', 'name app:', 'value x']],
    ['--a', ['!negation -', '!text -a']],
    ['- a', ['!negation -', 'text a']],
    ['tokio::net', ['text tokio::net']],
  ])('`%s`', (text, pieces) => expect(piecesOf(text)).toEqual(pieces));

  it('are those that the parser sees, in every filter that it takes', () => {
    fc.assert(
      fc.property(anyFilterText, (text) => {
        const starts = new Set(tokenizeFilter(text).map(({ start, end }) => `${start}-${end}`));
        for (const place of placesOf(parseFilter(text))) expect(starts).toContain(place);
      }),
    );
  });

  it('cover all but blanks of any text, without overlap', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:-()"/\\*> or') }), (text) => {
        let at = 0;
        for (const { start, end } of tokenizeFilter(text)) {
          expect(text.slice(at, start).trim()).toBe('');
          expect(end).toBeGreaterThanOrEqual(start);
          at = end;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
    );
  });
});

/** Where the patterns and the names of a tree stand. */
function placesOf(node: FilterNode): string[] {
  switch (node.type) {
    case 'all':
      return [];
    case 'and':
    case 'or':
      return node.terms.flatMap(placesOf);
    case 'not':
      return placesOf(node.term);
    case 'text':
      return [`${node.position.start}-${node.position.end}`];
    case 'field': {
      const { namePosition, pattern } = node;
      return [`${namePosition.start}-${namePosition.end + 1}`, `${pattern.position.start}-${pattern.position.end}`];
    }
  }
}
