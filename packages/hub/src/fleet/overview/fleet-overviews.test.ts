import { expect, test } from 'vitest';
import { FleetOverviews } from './fleet-overviews.ts';

test('a store that is away is told once, however many overviews lack their parts', async () => {
  const warnings: string[] = [];
  const overviews = new FleetOverviews({
    past: { ask: () => Promise.reject(new Error('nobody answers')) },
    isDemoRunning: () => false,
    log: { warn: (message) => warnings.push(message) },
    hostname: 'hub',
  });
  for (const hours of [1, 2, 3]) {
    const { complete, missing } = await overviews.read(hours, Date.now());
    expect([complete, missing]).toEqual([false, expect.arrayContaining(['hosts', 'trails', 'checks'])]);
  }
  overviews.stop();
  expect(warnings.filter((message) => message.includes('overview'))).toEqual([
    "a part of the fleet's overview cannot be had: nobody answers",
  ]);
});
