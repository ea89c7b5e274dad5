// One process that writes days of figures and checks of many hosts into a store's file, through the writer that a hub has.
//
//   node bench/fleet/fill.ts FILE HOSTS DAYS
//
// A row of each host and of each of its two checks every minute in the last two days and every 15 minutes before, rows of a day in a
// batch: more rows would make the file larger and change nothing for questions, which read buckets or the newest rows.

import { statSync } from 'node:fs';
import { BatchIdTable } from '../../packages/hub/src/store/embedded/batch-id-table.ts';
import { openForWriting } from '../../packages/hub/src/store/embedded/database.ts';
import { FigureRetention } from '../../packages/hub/src/store/embedded/figure-retention.ts';
import { FigureTables } from '../../packages/hub/src/store/embedded/figure-tables.ts';
import type { FigureKind, FigureRow } from '../../packages/hub/src/store/figures.ts';
import { checkRow, metricsRow } from './rows.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const CHECKS = 2;

const [file, hosts, days] = process.argv.slice(2);
const { db } = openForWriting(file!);
// Nobody waits for a file that is made anew after a loss of power.
db.exec('PRAGMA synchronous = OFF');
const tables = new FigureTables(db, new BatchIdTable(db, { batchIdsKept: 1000, batchIdsMinAgeMs: DAY_MS }));
const retention = new FigureRetention(db, 365 * DAY_MS);

const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
const startMs = performance.now();
let rows = 0;
const keep = (kind: FigureKind, batch: FigureRow[]) => {
  rows += tables.keep({ kind, id: undefined, rows: batch }, nowMs).accepted;
};
for (let day = Number(days); day > 0; day--) {
  const stepMs = day > 2 ? 15 * MINUTE_MS : MINUTE_MS;
  const times = Array.from({ length: DAY_MS / stepMs }, (_, i) => nowMs - day * DAY_MS + (i + 1) * stepMs);
  for (let host = 1; host <= Number(hosts); host++) {
    keep(
      'metrics',
      times.map((timeMs) => metricsRow(host, timeMs)),
    );
    for (let check = 1; check <= CHECKS; check++)
      keep(
        'checks',
        times.map((timeMs) => checkRow(host, check, timeMs)),
      );
  }
}
while (retention.tend(nowMs));
const seconds = (performance.now() - startMs) / 1000;
db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
db.close();
console.log(JSON.stringify({ rows, seconds, file_bytes: statSync(file!).size }));
