import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { waitAtMost } from './wait-at-most.ts';

test('what comes in time is handed on, an error too, and no timer is left', async () => {
  vi.useFakeTimers();
  try {
    expect(await waitAtMost(Promise.resolve(7), 60_000)).toBe(7);
    await expect(waitAtMost(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('what is late is not waited for, and its error is nobody’s', async () => {
  let fail: (error: Error) => void = () => {};
  const work = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    expect(await waitAtMost(work, 1)).toBeUndefined();
    fail(new Error('late'));
    await sleep(0);
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', unhandled);
  }
});
