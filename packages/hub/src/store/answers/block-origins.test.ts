import { expect, test } from 'vitest';
import { KeptOrigins } from './block-origins.ts';

/** Counts with so many cells, of five numbers each. */
const counted = (cells: number) => ({ origins: [], cells: new Uint32Array(cells * 5) });

test('what was not used for longest goes when there are too many cells, and counting a block twice makes it no larger', () => {
  const kept = new KeptOrigins();
  const blocks = Array.from({ length: 4 }, () => ({}));
  const held = () => blocks.map((block) => kept.get(block) !== undefined);
  for (let time = 0; time < 10; time++) kept.set(blocks[0]!, counted(100_000));
  kept.set(blocks[1]!, counted(100_000));
  expect(held()).toEqual([true, true, false, false]);
  kept.get(blocks[0]!);
  kept.set(blocks[2]!, counted(100_000));
  expect(held()).toEqual([true, false, true, false]);
  kept.set(blocks[3]!, counted(250_000));
  expect(held()).toEqual([false, false, false, true]);
});
