import { expect, test } from 'vitest';
import { OTHER_SIDES } from './other-side.ts';
import { isClean, runOutages } from './outages.ts';

test.each(OTHER_SIDES)(
  'the way to a %s is cut and mended: nothing is lost, nothing comes twice',
  {
    timeout: 120_000,
  },
  async (into) => {
    const said: string[] = [];
    const options = { cuts: 4, awayMs: 1000, linesPerSecond: 100, seed: '7', say: (text: string) => said.push(text) };
    const result = await runOutages({ ...options, into });
    expect(result.lines.made).toBeGreaterThan(300);
    expect(isClean(result), JSON.stringify({ result, said })).toBe(true);
  },
);
