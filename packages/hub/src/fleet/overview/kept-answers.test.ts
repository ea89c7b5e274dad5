import { expect, test } from 'vitest';
import { KeptAnswers } from './kept-answers.ts';

function setup(patienceMs = 5000) {
  const failures: string[] = [];
  const onFailure = (error: Error) => failures.push(error.message);
  const clock = { nowMs: 1_000_000 };
  const now = () => clock.nowMs;
  let asked = 0;
  const ask = async () => ++asked;
  return {
    kept: new KeptAnswers({ patienceMs, staleMs: 60_000, maxAnswers: 2, onFailure, now }),
    failures,
    clock,
    ask,
  };
}

test('ten who ask at once and those who ask soon after share an answer', async () => {
  const { kept, clock, ask } = setup();
  const all = await Promise.all(Array.from({ length: 10 }, () => kept.get('a', 1000, ask)));
  clock.nowMs += 1000;
  all.push(await kept.get('a', 1000, ask));
  expect(all).toEqual(Array(11).fill({ value: 1, isLate: false }));
  clock.nowMs++;
  expect(await kept.get('a', 1000, ask)).toEqual({ value: 2, isLate: false });
});

test('who has waited long enough gets the answer before, and the next one the late answer', async () => {
  const { kept, clock } = setup(20);
  expect(await kept.get('a', 1000, async () => 'first')).toEqual({ value: 'first', isLate: false });
  let answer = (_: string) => {};
  const late = new Promise<string>((resolve) => {
    answer = resolve;
  });
  clock.nowMs += 2000;
  expect(await kept.get('a', 1000, () => late)).toEqual({ value: 'first', isLate: true });
  expect(await kept.get('b', 1000, () => new Promise<string>(() => {}))).toEqual({ value: undefined, isLate: true });
  answer('second');
  await late;
  expect(await kept.get('a', 1000, async () => 'third')).toEqual({ value: 'second', isLate: false });
});

test('what takes long is asked less often', async () => {
  const { kept, clock, ask } = setup();
  const slow = async () => {
    clock.nowMs += 3000;
    return ask();
  };
  expect(await kept.get('a', 1000, slow)).toEqual({ value: 1, isLate: false });
  clock.nowMs += 12_000;
  expect(await kept.get('a', 1000, slow)).toEqual({ value: 1, isLate: false });
  clock.nowMs += 1;
  expect(await kept.get('a', 1000, slow)).toEqual({ value: 2, isLate: false });
});

test('a failure is told, and is no answer; one of a minute ago is none either', async () => {
  const { kept, failures, clock } = setup();
  const fail = async () => {
    throw new Error('the store is away');
  };
  expect(await kept.get('a', 0, fail)).toEqual({ value: undefined, isLate: true });
  expect(await kept.get('a', 0, async () => 'back')).toEqual({ value: 'back', isLate: false });
  clock.nowMs += 60_000;
  expect(await kept.get('a', 0, fail)).toEqual({ value: 'back', isLate: true });
  clock.nowMs++;
  expect(await kept.get('a', 0, fail)).toEqual({ value: undefined, isLate: true });
  expect(failures).toEqual(Array(3).fill('the store is away'));
});

test('the longest unused goes', async () => {
  const { kept, ask } = setup();
  for (const name of ['a', 'b', 'a', 'c', 'a']) await kept.get(name, 1000, ask);
  expect(await kept.get('b', 1000, ask)).toEqual({ value: 4, isLate: false });
});
