import { expect, test } from 'vitest';
import { KeptAnswers } from './kept-answers.ts';

function setup(patienceMs = 5000) {
  const failures: string[] = [];
  const onFailure = (error: Error) => failures.push(error.message);
  return { kept: new KeptAnswers({ patienceMs, staleMs: 60_000, maxAnswers: 2, onFailure }), failures };
}

test('ten who ask at once and those who ask soon after share an answer', async () => {
  const { kept } = setup();
  let asked = 0;
  const ask = async () => ++asked;
  const all = await Promise.all(Array.from({ length: 10 }, () => kept.get('a', 60_000, ask)));
  expect(all.concat(await kept.get('a', 60_000, ask))).toEqual(Array(11).fill({ value: 1, isLate: false }));
  expect(await kept.get('a', 0, ask)).toEqual({ value: 2, isLate: false });
});

test('who has waited long enough gets the answer before, and the next one the late answer', async () => {
  const { kept } = setup(20);
  expect(await kept.get('a', 0, async () => 'first')).toEqual({ value: 'first', isLate: false });
  let answer = (_: string) => {};
  const late = new Promise<string>((resolve) => {
    answer = resolve;
  });
  expect(await kept.get('a', 0, () => late)).toEqual({ value: 'first', isLate: true });
  expect(await kept.get('b', 0, () => new Promise<string>(() => {}))).toEqual({ value: undefined, isLate: true });
  answer('second');
  await late;
  expect(await kept.get('a', 60_000, async () => 'third')).toEqual({ value: 'second', isLate: false });
});

test('a failure is told, and is no answer', async () => {
  const { kept, failures } = setup();
  const fail = async () => {
    throw new Error('the store is away');
  };
  expect(await kept.get('a', 0, fail)).toEqual({ value: undefined, isLate: true });
  expect(await kept.get('a', 0, async () => 'back')).toEqual({ value: 'back', isLate: false });
  expect(await kept.get('a', 0, fail)).toEqual({ value: 'back', isLate: true });
  expect(failures).toEqual(['the store is away', 'the store is away']);
});

test('the longest unused goes', async () => {
  const { kept } = setup();
  let asked = 0;
  const ask = async () => ++asked;
  for (const name of ['a', 'b', 'a', 'c', 'a']) await kept.get(name, 60_000, ask);
  expect(asked).toBe(3);
  expect(await kept.get('b', 60_000, ask)).toEqual({ value: 4, isLate: false });
});
