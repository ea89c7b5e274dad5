/**
 * A store in a process of its own, to be killed: appends events as fast as they become durable and go on to the database, and prints the last position
 * that is, and how many events the database has got from it. Arguments: URL, file of the spool, first position.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { createLog } from '../../log.ts';
import { makeEvent } from '../made-event.fixture.ts';
import { PostgresStore } from './postgres-store.ts';

const [url, spoolPath, first] = process.argv.slice(2) as [string, string, string];

const store = new PostgresStore({
  url,
  spoolPath,
  hub: 'test0',
  maxSpoolBytes: 64 * 1024 * 1024,
  batchIds: { batchIdsKept: 1000, batchIdsMinAgeMs: 3_600_000 },
  logRetentionMs: 30 * 86_400_000,
  metricsRetentionMs: 90 * 86_400_000,
  reservePositions: () => 0,
  onForeign: () => {},
  flushMs: 5,
  flushEvents: 500,
  behindBytes: 8 * 1024 * 1024,
  maxPendingBytes: 32 * 1024 * 1024,
  log: createLog('error', () => {}),
});

const EVENTS_A_TURN = 200;

/** Always something to take over, and never more than a slow machine takes over in seconds. */
const SPOOLED_EVENTS = 5000;

for (let position = Number(first); ; ) {
  if (store.status.spooledEvents > SPOOLED_EVENTS) await sleep(10);
  else for (let i = 0; i < EVENTS_A_TURN; i++) store.append(makeEvent(position++));
  await store.durable(30_000);
  process.stdout.write(`${position - 1} ${store.status.shippedEvents}\n`);
}
