import fc from 'fast-check';
import { expect, it } from 'vitest';
import { segmentsOf } from './segments.ts';

it('together are the text, whatever it is and wherever its mistake lies', () => {
  const place = fc.integer({ min: 0, max: 12 });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab:-()"/\\* ') }), place, place, (text, start, length) => {
      const texts = segmentsOf(text, { start, end: start + length }).map((segment) => segment.text);
      expect(texts.join('')).toBe(text);
      expect(texts).not.toContain('');
    }),
  );
});

it('mark the mistake and nothing else', () => {
  const wrong = segmentsOf('app:a (status:> b)', { start: 7, end: 15 }).filter(({ className }) =>
    /is-wrong/.test(className),
  );
  expect(wrong.map(({ text }) => text).join('')).toBe('status:>');
});

it('tint a field with its `-` and its value', () => {
  expect(segmentsOf('-app:web or x').map(({ text, className }) => [text, className])).toEqual([
    ['-', 'search-negation is-tinted is-negated'],
    ['app:', 'search-name is-tinted is-negated'],
    ['web', 'search-value is-tinted is-negated'],
    [' ', ''],
    ['or', 'search-operator'],
    [' ', ''],
    ['x', 'search-text'],
  ]);
});
