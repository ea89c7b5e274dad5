import { expect, test } from 'vitest';
import { figuresContract, metricsRow } from './figures.contract.ts';
import { MemoryStore } from './memory-store.ts';

const DAY_MS = 86_400_000;

figuresContract(
  'the store in memory',
  async () => ({ open: async () => new MemoryStore(DAY_MS), remove: async () => {} }),
  // Memory ends with the process.
  false,
);

test('memory holds the newest rows up to its limit, and none that is too old', async () => {
  const store = new MemoryStore(DAY_MS);
  const details = JSON.stringify({ figures: 'x'.repeat(1024 * 1024) });
  const rows = Array.from({ length: 20 }, (_, i) => metricsRow(20 - i, { details }));
  await store.keep({ kind: 'metrics', id: undefined, rows: [metricsRow(2 * 24 * 60), ...rows] });
  const held = await store.ask({ kind: 'points', vps: 'vps-1', fromMs: 0, maxPoints: 100 });
  expect(held.rows.map(({ timeMs }) => timeMs)).toEqual(rows.slice(5).map(({ timeMs }) => timeMs));
  await store.stop();
});
