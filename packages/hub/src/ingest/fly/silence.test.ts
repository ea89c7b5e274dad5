import { expect, test } from 'vitest';
import { SilenceWatch } from './silence.ts';

const options = { minSilenceMs: 30_000, maxSilenceMs: 1_800_000, pauseFactor: 4, minMessages: 20 };

function busy(intervalMs: number, messages: number): { watch: SilenceWatch; nowMs: number } {
  const watch = new SilenceWatch(options, 0);
  let nowMs = 0;
  for (let i = 0; i < messages; i++) {
    nowMs += intervalMs;
    watch.heard(nowMs);
  }
  return { watch, nowMs };
}

test('a subscription that nothing is known of may be silent up to the upper bound', () => {
  const watch = new SilenceWatch(options, 0);
  expect(watch.isStalled(1_800_000)).toBe(false);
  expect(watch.isStalled(1_800_001)).toBe(true);
});

test('a busy one is suspicious after the lower bound', () => {
  const { watch, nowMs } = busy(10, 1000);
  expect(watch.isStalled(nowMs + 30_000)).toBe(false);
  expect(watch.isStalled(nowMs + 30_001)).toBe(true);
});

test('a slow one is given four times its usual pause', () => {
  const { watch, nowMs } = busy(60_000, 25);
  expect(watch.isStalled(nowMs + 240_000)).toBe(false);
  expect(watch.isStalled(nowMs + 240_001)).toBe(true);
});

test('a pause counts for two windows and is then forgotten', () => {
  const { watch } = busy(10, 100);
  let nowMs = 1000 + 100_000;
  watch.heard(nowMs);
  expect(watch.limitMs).toBe(400_000);
  for (let i = 0; i < 2 * 1_900; i++) {
    nowMs += 1000;
    watch.heard(nowMs);
  }
  expect(watch.limitMs).toBe(30_000);
});

test('each renewal that brings nothing doubles the patience, up to the bound; a message ends that', () => {
  const { watch, nowMs } = busy(10, 1000);
  watch.renewed(nowMs + 30_001);
  expect(watch.limitMs).toBe(60_000);
  for (let i = 0; i < 30; i++) watch.renewed(nowMs);
  expect(watch.limitMs).toBe(1_800_000);
  watch.heard(nowMs + 40_000);
  expect(watch.limitMs).toBeLessThan(1_800_000);
});
