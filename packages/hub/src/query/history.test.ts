/** What live readers get of history, where the store could not take everything. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEvent } from '@flywatch/core';
import { afterAll, expect, test } from 'vitest';
import { EventBuffer } from '../buffer/event-buffer.ts';
import { createLog } from '../log.ts';
import { EmbeddedStore } from '../store/embedded/embedded-store.ts';
import { makeEvent } from '../store/made-event.fixture.ts';
import { History, HistoryCatchUp } from './history.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-history-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a reader that is brought up past what could not be kept is told where it is, and gets what lies on both sides', async () => {
  const limits = {
    ...{ retentionMs: 1e12, metricsRetentionMs: 1e12, maxBytes: undefined, batchIdsKept: 10, batchIdsMinAgeMs: 1000 },
    ...{ snapshotsKept: 1, snapshotsMaxAgeMs: 1000 },
  };
  const store = new EmbeddedStore({
    ...{ path: join(folder, 'f.db'), limits, startPosition: 0, log: createLog('error', () => {}) },
    // One byte on its way is all that may wait: what comes while a batch is being written is lost.
    ...{ flushMs: 10_000, flushEvents: 1000, maxPendingBytes: 1, behindBytes: 1 },
  });
  const buffer = new EventBuffer({ maxEntries: 10, maxAgeMs: 1e9, maxChars: 1e9 }, 100);
  const history = new History({ store, buffer, isInRingAlone: () => false });
  const events = Array.from({ length: 9 }, (_, i) => makeEvent(101 + i));
  const append = (some: LogEvent[]) => {
    for (const event of some) store.append(event);
  };
  append(events.slice(0, 3));
  const durable = store.durable(30_000);
  append(events.slice(3, 6));
  await durable;
  append(events.slice(6));
  await store.durable(30_000);
  expect(store.status.droppedEvents).toBe(3);

  const catchUp = new HistoryCatchUp(history, (error) => expect.unreachable(error.message));
  const told: unknown[] = [];
  let position = 100;
  while (position < 109) {
    const { signal } = new AbortController();
    const wish = {
      selection: { lists: {} },
      format: 'flat',
      raw: false,
      sinceMs: undefined,
      until: 109,
      signal,
    } as const;
    const piece = await catchUp.read(position, 1e6, wish);
    if (piece.droppedTo > position) told.push({ from: position, to: piece.droppedTo });
    told.push(...piece.positions);
    position = Math.max(piece.reached, piece.droppedTo);
  }
  expect(told).toEqual([101, 102, 103, { from: 103, to: 106 }, 107, 108, 109]);
  await store.stop();
});
