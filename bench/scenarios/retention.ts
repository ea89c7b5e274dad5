// retention: does the store keep to its size while events never stop coming?
//
// A hub with STORE_MAX_BYTES=32MiB takes 5,000 lines a second over HTTP for ten minutes (--quick: 30 s). The lines are mostly random, so
// that they hardly compress and the limit is reached within two minutes. File and WAL are looked at four times a second. No rival.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Scenario } from '../bench.ts';
import { readProcess } from '../process-stats.ts';
import type { ScenarioResult } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const LIMIT_BYTES = 32 * 1024 * 1024;
const LINES_PER_S = 5000;
const BATCHES_PER_S = 10;
const SECONDS = 600;
const QUICK_SECONDS = 30;
const RANDOM_BYTES = 48;

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const makeLines = (count: number): string =>
  Array.from({ length: count }, () => `stored ${randomBytes(RANDOM_BYTES).toString('hex')} in the ledger`).join('\n');

async function run(bench: Bench): Promise<ScenarioResult> {
  const missing = hubMissing(bench);
  if (missing) return { tables: [], notes: [missing] };
  const seconds = bench.quick ? QUICK_SECONDS : SECONDS;
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-retention-'));
  const file = join(folder, 'flywatch.db');
  bench.say(`retention: ${LINES_PER_S} lines/s for ${seconds} s`);
  try {
    const row = await withHub(
      bench,
      async ({ hub }) => {
        const url = `http://127.0.0.1:${hub.port}`;
        const endMs = performance.now() + seconds * 1000;
        let largest = 0;
        let smallestWhenFull = Number.POSITIVE_INFINITY;
        let sent = 0;
        const look = setInterval(() => {
          const size = sizeOf(file) + sizeOf(`${file}-wal`);
          largest = Math.max(largest, size);
          if (largest > LIMIT_BYTES * 0.9) smallestWhenFull = Math.min(smallestWhenFull, size);
        }, 250);
        for (let due = performance.now(); due < endMs; due += 1000 / BATCHES_PER_S) {
          await pause(Math.max(0, due - performance.now()));
          const body = makeLines(LINES_PER_S / BATCHES_PER_S);
          const headers = { 'content-type': 'text/plain' };
          const answer = await fetch(`${url}/ingest/logs?app=ledger`, { method: 'POST', headers, body });
          if (!answer.ok) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
          sent += LINES_PER_S / BATCHES_PER_S;
        }
        clearInterval(look);
        const counted = (await (await fetch(`${url}/logs/histogram?interval=1h`)).json()) as { total: number };
        return {
          sent,
          kept: counted.total,
          limit_mb: LIMIT_BYTES / 2 ** 20,
          largest_mb: largest / 2 ** 20,
          over_percent: (largest / LIMIT_BYTES - 1) * 100,
          least_mb: smallestWhenFull / 2 ** 20,
          peak_rss_mb: readProcess(hub.pid).peakRssBytes / 2 ** 20,
        };
      },
      { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, STORE_MAX_BYTES: `${LIMIT_BYTES / 2 ** 20}MiB` },
    );
    return {
      tables: [
        {
          title: `${LINES_PER_S} lines/s for ${seconds} s into a store of ${LIMIT_BYTES / 2 ** 20} MB`,
          columns: [
            { key: 'sent', label: 'lines sent' },
            { key: 'kept', label: 'kept' },
            { key: 'largest_mb', label: 'largest MB', digits: 2 },
            { key: 'over_percent', label: '% over the limit', digits: 2 },
            { key: 'least_mb', label: 'least MB once full', digits: 2 },
            { key: 'peak_rss_mb', label: 'peak RSS MB' },
          ],
          rows: [row],
        },
      ],
      notes: [],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const retention: Scenario = {
  name: 'retention',
  about: `A store of 32 MB under 5,000 lines/s for ten minutes (--quick: 30 s): file and WAL four times a second.
No rival.`,
  run,
};
