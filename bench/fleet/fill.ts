// One process that writes days of figures and checks of many hosts into a store's file, through the writer that a hub has.
//
//   node bench/fleet/fill.ts FILE HOSTS DAYS
//
// A row a minute of each host and of each of its two checks, as agents do that were away for six hours: rows of six hours a batch.

import { statSync } from 'node:fs';
import { BatchIdTable } from '../../packages/hub/src/store/embedded/batch-id-table.ts';
import { openForWriting } from '../../packages/hub/src/store/embedded/database.ts';
import { FigureRetention } from '../../packages/hub/src/store/embedded/figure-retention.ts';
import { FigureTables } from '../../packages/hub/src/store/embedded/figure-tables.ts';
import type { FigureKind, FigureRow } from '../../packages/hub/src/store/figures.ts';
import { checkRow, metricsRow } from './rows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BATCH_MS = DAY_MS / 4;
const CHECKS = 2;

const [file, hosts, days] = process.argv.slice(2);
const { db } = openForWriting(file!);
const tables = new FigureTables(db, new BatchIdTable(db, { batchIdsKept: 1000, batchIdsMinAgeMs: DAY_MS }));
const retention = new FigureRetention(db, 365 * DAY_MS);

const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const startMs = performance.now();
let rows = 0;
const keep = (kind: FigureKind, batch: FigureRow[], atMs: number) => {
  rows += tables.keep({ kind, id: undefined, rows: batch }, atMs).accepted;
};
for (let fromMs = nowMs - Number(days) * DAY_MS; fromMs < nowMs; fromMs += BATCH_MS) {
  const toMs = Math.min(nowMs, fromMs + BATCH_MS);
  const times = Array.from({ length: (toMs - fromMs) / MINUTE_MS }, (_, i) => fromMs + i * MINUTE_MS);
  for (let host = 1; host <= Number(hosts); host++) {
    keep(
      'metrics',
      times.map((timeMs) => metricsRow(host, timeMs)),
      toMs,
    );
    for (let check = 1; check <= CHECKS; check++)
      keep(
        'checks',
        times.map((timeMs) => checkRow(host, check, timeMs)),
        toMs,
      );
  }
  // As a hub would have done by then.
  while (retention.tend(toMs));
}
while (retention.tend(nowMs));
const seconds = (performance.now() - startMs) / 1000;
db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
db.close();
console.log(JSON.stringify({ rows, seconds, file_bytes: statSync(file!).size }));
