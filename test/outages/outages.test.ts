import { describe, expect, test } from 'vitest';
import { mountSmallDisk } from '../support/small-disk.ts';
import { OTHER_SIDES } from './other-side.ts';
import { isClean, runOutages } from './outages.ts';

const disk = mountSmallDisk('128k');
const skipped = disk === undefined ? ' (skipped: this user may not mount a small file system)' : '';

// Most of it is waiting: the outages of one do not disturb another.
describe.concurrent('outages', () => {
  test.each(OTHER_SIDES)(
    'the way to a %s is cut and mended: nothing is lost, nothing comes twice',
    {
      timeout: 120_000,
    },
    async (into) => {
      const said: string[] = [];
      const options = { cuts: 3, awayMs: 1000, linesPerSecond: 100, seed: '7', say: (text: string) => said.push(text) };
      const result = await runOutages({ ...options, into });
      expect(result.lines.made).toBeGreaterThan(200);
      expect(isClean(result), JSON.stringify({ result, said })).toBe(true);
      // That it is broken, and that it is mended: for four outages, however often it was tried.
      expect(result.said.warnings).toBeLessThanOrEqual(8);
    },
  );

  test.skipIf(disk === undefined)(
    `its disk is full while the database is away${skipped}: nothing is lost, nothing comes twice`,
    { timeout: 60_000 },
    async () => {
      const said: string[] = [];
      const options = { cuts: 0, awayMs: 2500, linesPerSecond: 100, seed: '7', say: (text: string) => said.push(text) };
      try {
        const result = await runOutages({ ...options, into: 'postgres', disk });
        expect(isClean(result), JSON.stringify({ result, said })).toBe(true);
        // The ledger and the file of rows, each once.
        expect(result.said.warnings).toBeGreaterThanOrEqual(2);
      } finally {
        disk!.unmount();
      }
    },
  );
});
