import { expect, test } from 'vitest';
import { every, REAL_CLOCK, withinTime } from './clock.ts';
import { ManualClock } from './manual-clock.fixture.ts';

test('timers of the machine do not hold the process', () => {
  const timer = REAL_CLOCK.setTimeout(() => {}, 1_000_000) as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  REAL_CLOCK.clearTimeout(timer);
});

test('what runs again and again ends when it is told to, from within too', async () => {
  const clock = new ManualClock();
  let runs = 0;
  const end = every(clock, 10, () => {
    if (++runs === 3) end();
  });
  await clock.pass(9);
  expect(runs).toBe(0);
  await clock.pass(100);
  expect(runs).toBe(3);
  expect(clock.pending).toBe(0);
});

test('work that ends in time leaves no timer behind, whatever its end', async () => {
  const clock = new ManualClock();
  expect(await withinTime(clock, 10, async () => 'done')).toBe('done');
  await expect(withinTime(clock, 10, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.pending).toBe(0);
});

test('work that fails after its time is up is nobody’s rejection', async () => {
  const clock = new ManualClock();
  let failLate = (_error: Error) => {};
  const waiting = withinTime(clock, 10, () => new Promise((_, reject) => (failLate = reject)));
  const outcome = expect(waiting).rejects.toThrow('no answer within 10 ms');
  await clock.pass(10);
  await outcome;
  failLate(new Error('too late'));
  await clock.pass(10);
});
