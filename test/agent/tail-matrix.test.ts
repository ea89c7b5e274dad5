/** A part of the rotation matrix, with real logrotate and `kill -9` of the agent. `npm run bench:tail` has all of it. */

import { expect, test } from 'vitest';
import { type CellOptions, runCell } from '../../bench/tail/cell.ts';
import { startTestHub } from '../support/test-hub.ts';

/** Those in which most can go wrong: a file that is packed while nobody looks, copies beside their originals, whole files unseen. */
const CELLS: readonly Pick<CellOptions, 'mode' | 'pattern' | 'kills'>[] = [
  { mode: 'compress', pattern: 'app.log', kills: true },
  { mode: 'delaycompress', pattern: 'app.log*', kills: true },
  { mode: 'copytruncate', pattern: 'app.log*', kills: true },
];

test('rotated by logrotate and killed across rotations, no line is lost, none comes twice, none is torn', async () => {
  await using hub = await startTestHub();
  const load = { hubUrl: `http://127.0.0.1:${hub.port}`, linesPerSecond: 200, rotations: 4, rotateEveryMs: 1_500 };
  const results = await Promise.all(CELLS.map((cell) => runCell({ ...cell, ...load })));
  for (const [index, result] of results.entries()) {
    expect.soft(result, JSON.stringify(CELLS[index])).toMatchObject({ lost: 0, twice: 0, torn: 0, kills: 2 });
    expect.soft(result.written).toBeGreaterThan(1_000);
  }
}, 90_000);
