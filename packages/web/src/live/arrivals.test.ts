import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Arrivals } from './arrivals.ts';

/** The hub's clock is so far behind this one. */
const BEHIND_MS = 90_000;

const START_MS = Date.UTC(2026, 9, 21, 2, 40, 0, 300);

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS });
});

afterEach(() => {
  vi.useRealTimers();
});

/** As many lines a second for as many seconds, evenly. */
function arrive(arrivals: Arrivals, perSecond: number, seconds: number): void {
  for (let i = 0; i < perSecond * seconds; i++) {
    vi.advanceTimersByTime(1000 / perSecond);
    const time = new Date(Date.now() - BEHIND_MS).toISOString();
    arrivals.take({ id: String(i), time, receivedAt: time, level: 'info', message: 'x' });
  }
}

test('the rate is unknown before a whole second was watched, and right from the first one on', () => {
  const arrivals = new Arrivals();
  expect(arrivals.rate()).toBeUndefined();
  arrive(arrivals, 20, 0.5);
  expect(arrivals.rate()).toBeUndefined();
  arrive(arrivals, 20, 1.5);
  expect(arrivals.rate()).toBe(20);
  arrive(arrivals, 20, 10);
  expect(arrivals.rate()).toBe(20);
});

test('a stream that has brought nothing for as long as the rate is of has the rate 0', () => {
  const arrivals = new Arrivals();
  vi.advanceTimersByTime(5000);
  expect(arrivals.rate()).toBe(0);
  arrive(arrivals, 10, 2);
  vi.advanceTimersByTime(10_000);
  expect(arrivals.rate()).toBe(0);
});
