import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashToken } from './lexer.ts';
import { TextColumnReader } from './text-column-reader.ts';
import { LITERAL, TextColumnWriter } from './text-column-writer.ts';
import { buildFilter, mayHold, partitionOf, TokenSet } from './word-filter.ts';

function roundTrip(texts: readonly string[], writer?: TextColumnWriter) {
  const tokens = new TokenSet();
  const column = writer ?? new TextColumnWriter((hash) => tokens.add(hash));
  for (const text of texts) {
    const bytes = Buffer.from(`--${text}--`);
    column.add(bytes, 2, bytes.length - 2);
  }
  const parts = column.finish();
  const filter = buildFilter(tokens);
  return {
    reader: new TextColumnReader(
      parts,
      () => parts.literals,
      () => parts,
    ),
    has: (word: string) => {
      const hash = hashToken(word);
      return mayHold(filter[partitionOf(hash)]!, hash);
    },
  };
}

/** Lines as programs print them: few statements, values of many kinds. */
const line = fc.oneof(
  fc.tuple(fc.nat(9), fc.nat(1e6)).map(([a, b]) => `GET /users/${a} 200 in ${b}ms`),
  fc.uuid().map((id) => `request ${id} done`),
  fc.ipV4().map((ip) => `from ${ip}: Größe ok`),
  fc.tuple(fc.constantFrom('Worker', 'worker', 'WORKER'), fc.nat(300)).map(([w, n]) => `${w}_${n} \x1b[31mup\x1b[0m`),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.nat(99), { maxLength: 130 }).map((numbers) => numbers.join(' ')),
);

test('every text comes back, byte for byte, whatever its form', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 400 }), (texts) => {
      const wellFormed = texts.map((text) => text.toWellFormed());
      const { reader } = roundTrip(wellFormed);
      expect(Array.from(wellFormed, (_, i) => reader.text(i))).toEqual(wellFormed);
    }),
    { numRuns: 300 },
  );
});

test('each kind of slot: constant, dictionary, fixed width, varied width', () => {
  const texts = Array.from({ length: 1000 }, (_, i) => `v1 ${i % 7}x ${100_000 + i * 7} id${i * i} end`);
  const { reader } = roundTrip(texts);
  expect(reader.templates).toHaveLength(2);
  expect(texts.map((_, i) => reader.text(i))).toEqual(texts);
});

test('the variables of a chunk are found by whole tokens, in any case', () => {
  const texts = Array.from(
    { length: 500 },
    (_, i) => `job ${i} of Node7a on h${i % 3} took ${i * 31}ms, seq ${10_000 + i}`,
  );
  const { reader } = roundTrip(texts);
  const found = (word: string) => {
    const marks = reader.markVariables(word);
    return marks === undefined ? [] : texts.flatMap((_, i) => (marks[i] === 1 ? [i] : []));
  };
  const expected = (word: string) =>
    texts.flatMap((text, i) => (text.toLowerCase().split(/\W+/).includes(word.toLowerCase()) ? [i] : []));
  for (const word of ['7', '499', 'node7a', 'NODE7A', 'h2', '31ms', '10499', '0499', '99999', '1']) {
    expect(found(word), word).toEqual(expected(word));
  }
});

test('texts that have no form are kept whole, and a writer can be used again', () => {
  const writer = new TextColumnWriter(() => {});
  let seed = 1;
  const noise = () => {
    seed = Math.imul(seed, 48_271) >>> 0;
    return seed.toString(36).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)]!);
  };
  const texts = Array.from({ length: 10_000 }, () => `${noise()} ${noise()}`);
  const { reader } = roundTrip([...texts, 'x'.repeat(10_000)], writer);
  expect(texts.map((_, i) => reader.text(i))).toEqual(texts);
  expect(reader.templateOf[texts.length]).toBe(LITERAL);
  expect(reader.templates.length).toBeLessThanOrEqual(8192);
  const again = roundTrip(['a 1', 'a 2'], writer);
  expect([again.reader.text(0), again.reader.text(1)]).toEqual(['a 1', 'a 2']);
});

test('the word filter knows every word, and hardly any other', () => {
  const texts = Array.from(
    { length: 4000 },
    (_, i) => `Order ${i} paid by user_${i * 3} at shop${i % 11}: ${'ok '.repeat(i % 3)}`,
  );
  const { has } = roundTrip(texts);
  for (const word of ['order', 'ORDER', 'paid', '0', '3999', 'user_11997', 'User_3', 'shop10', 'ok'])
    expect(has(word), word).toBe(true);
  const wrong = Array.from({ length: 10_000 }, (_, i) => has(`nothing${i}`)).filter(Boolean).length;
  expect(wrong).toBeLessThan(200);
});
