import { expect, test } from 'vitest';
import { killNine } from './kill-nine.ts';

test('what was acknowledged is there exactly once after a kill -9 under load', { timeout: 120_000 }, async () => {
  const result = await killNine({ kills: 4, seed: 7, say: () => {} });
  expect(result.acknowledged).toBeGreaterThan(1000);
  expect(result).toMatchObject({ missing: 0, twice: 0 });
});
