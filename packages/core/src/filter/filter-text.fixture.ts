/** Arbitrary filters that are valid, typed in every way that the language allows. */

import fc from 'fast-check';

const word = fc.constantFrom('a', 'ab', 'B', 'a-b', '500', '5', '1.50', 'é', 'true', 'x_1', '[a', 'web-2', 'x/y', '\\');
const wildcards = fc
  .tuple(fc.constantFrom('', '', '*'), word, fc.constantFrom('', '', '*'))
  .map(([before, text, after]) => `${before}${text}${after}`);
const phrase = fc.constantFrom('"a b"', '"B"', '"\\"a"', '"\\\\"', '"\\a"', '"or"', '"500"', '" "');
const regex = fc.constantFrom('/a b/', '/^A/i', '/b$/', '/x\\/y/', '/[\\\\\\/]/', '/\\d+/');
const comparison = fc
  .tuple(fc.constantFrom('>', '>=', '<', '<='), fc.constantFrom('5', '500', '1.5', 'b', '"a b"', '"5"', '-1'))
  .map((parts) => parts.join(''));
const pattern = fc.oneof(wildcards, phrase, regex);
const field = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('app', 'host', 'message', 'status', 'a.b', 'fields.app', 'a', '__proto__', 'constructor'),
      fc.oneof(pattern, comparison, fc.constant('*')),
    )
    .map((parts) => parts.join(':')),
  fc.constantFrom(
    'level:warn',
    'level:>=error',
    'level:<INFO',
    'level:*',
    'level:e*',
    'time:>2026-11-20',
    'time:2026*',
  ),
);

const blank = fc.constantFrom(' ', '  ', '\t', '\u00a0');

export const anyFilterText: fc.Arbitrary<string> = fc.letrec<{ filter: string; operand: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 6, arbitrary: fc.oneof(pattern, field, fc.constant('*')) },
    { weight: 1, arbitrary: tie('operand').map((text) => (text.startsWith('-') ? text : `-${text}`)) },
    { weight: 2, arbitrary: tie('filter').map((text) => `(${text})`) },
  ),
  filter: fc
    .array(fc.tuple(tie('operand'), blank, fc.constantFrom('', '', 'and ', 'AND\n', 'or ', 'Or\t')), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) =>
      parts
        .map(([operand, gap, operator], i) => (i === parts.length - 1 ? operand : operand + gap + operator))
        .join(''),
    ),
})).filter;
