// store: ten million events in the embedded store, and what it takes to find something in them.
//
// Written by one process in one thread, parse included (bench/store/ingest.ts), then asked over HTTP through a hub that is started
// over the file, while the rival is asked in this process. The rival is what most would do: SQLite rows with an index on time
// and FTS5 over the messages, fed by the same normalizer in transactions of the same size. Each question is asked six times, the
// first one with everything cold in the process; given are the first and the median of the others.
//
// The second table is the live stream beside a scan: 100 readers at 2,000 events/s, alone and while three clients ask for a
// regular expression over all ten million again and again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Bench, Scenario } from '../bench.ts';
import { startChild } from '../child.ts';
import { measureLoad } from '../load.ts';
import { readProcess } from '../process-stats.ts';
import type { Row, ScenarioResult } from '../report.ts';
import type { Hub } from '../servers/hub.ts';
import { RARE_WORD } from '../store/lines.ts';
import { hubMissing, withHub } from '../targets.ts';

const EVENTS = 10_000_000;
const QUICK_EVENTS = 1_000_000;
const PHRASE = 'authentication failure';
const ASKED = 6;

interface Written {
  from: string;
  events: number;
  payload_bytes: number;
  wall_s: number;
  cpu_s: number;
  file_bytes: number;
  peak_rss_mb: number;
}

async function write(kind: 'flywatch' | 'fts5', file: string, events: number): Promise<Written> {
  const child = startChild({
    name: `store ${kind}`,
    command: process.execPath,
    args: [join(import.meta.dirname, '../store/ingest.ts'), kind, file, String(events)],
    env: process.env.LOGHUB_DIR === undefined ? {} : { LOGHUB_DIR: process.env.LOGHUB_DIR },
  });
  return JSON.parse(await child.nextLine(3_600_000)) as Written;
}

interface Timed {
  first_ms: number;
  median_ms: number;
  found: number;
}

async function time(ask: () => Promise<number> | number): Promise<Timed> {
  const times: number[] = [];
  let found = 0;
  for (let i = 0; i < ASKED; i++) {
    const before = performance.now();
    found = await ask();
    times.push(performance.now() - before);
  }
  const later = times.slice(1).sort((a, b) => a - b);
  return { first_ms: times[0]!, median_ms: later[Math.floor(later.length / 2)]!, found };
}

interface Asked {
  name: string;
  flywatch(hub: Hub): Promise<number>;
  fts5(db: DatabaseSync): number;
}

async function get<T>(hub: Hub, path: string): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${hub.port}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const rows = (db: DatabaseSync, sql: string, ...values: (string | number)[]): number =>
  db.prepare(sql).all(...values).length;
const logs = async (hub: Hub, query: string): Promise<number> =>
  (await get<{ logs: unknown[] }>(hub, `/logs/history?${query}`)).logs.length;
const total = async (hub: Hub, query: string): Promise<number> =>
  (await get<{ total: number }>(hub, `/logs/histogram?${query}`)).total;
const newestId = async (hub: Hub): Promise<string> => {
  const before = new Date(Date.UTC(2026, 10, 20, 10, 5)).toISOString();
  const { logs: found } = await get<{ logs: { id: string }[] }>(hub, `/logs/history?limit=1&before=${before}`);
  return found[0]!.id;
};

const PAGE = 'SELECT * FROM logs ORDER BY time DESC LIMIT 100';
const BY_TEXT =
  'SELECT * FROM logs WHERE id IN (SELECT rowid FROM logs_text WHERE logs_text MATCH ?) ORDER BY time DESC';

const QUESTIONS: readonly Asked[] = [
  { name: 'newest page of 100', flywatch: (hub) => logs(hub, 'limit=100'), fts5: (db) => rows(db, PAGE) },
  {
    name: 'a rare word, all of its events',
    flywatch: (hub) => logs(hub, `q=${RARE_WORD}`),
    fts5: (db) => rows(db, BY_TEXT, RARE_WORD),
  },
  {
    name: 'a common phrase, first page',
    flywatch: (hub) => logs(hub, `q="${PHRASE}"`),
    fts5: (db) => rows(db, `${BY_TEXT} LIMIT 100`, `"${PHRASE}"`),
  },
  {
    name: 'a common phrase, all counted by minute and level',
    flywatch: (hub) => total(hub, `interval=1m&q="${PHRASE}"`),
    fts5: (db) =>
      (
        db
          .prepare(
            'SELECT time / 60000 AS minute, level, count(*) AS n FROM logs WHERE id IN (SELECT rowid FROM logs_text WHERE logs_text MATCH ?) GROUP BY 1, 2',
          )
          .all(`"${PHRASE}"`) as { n: number }[]
      ).reduce((sum, { n }) => sum + n, 0),
  },
  {
    name: 'counts per minute and level',
    flywatch: (hub) => total(hub, 'interval=1m'),
    fts5: (db) =>
      (
        db.prepare('SELECT time / 60000 AS minute, level, count(*) AS n FROM logs GROUP BY 1, 2').all() as {
          n: number;
        }[]
      ).reduce((sum, { n }) => sum + n, 0),
  },
];

async function askBoth(bench: Bench, file: string, rival: string): Promise<{ table: Row[]; hub: Row }> {
  const table: Row[] = [];
  const db = new DatabaseSync(rival, { readOnly: true });
  const hubRow = await withHub(
    bench,
    async ({ hub }) => {
      const startRss = readProcess(hub.pid).rssBytes / 2 ** 20;
      const id = await newestId(hub);
      const position = (db.prepare('SELECT max(id) AS id FROM logs').get() as { id: number }).id - 1000;
      const around: Asked = {
        name: 'a line by its id, and 20 on each side',
        flywatch: async (of) =>
          (await get<{ before: unknown[]; after: unknown[] }>(of, `/logs/context?id=${id}`)).before.length,
        fts5: (of) => {
          const { instance } = of.prepare('SELECT instance FROM logs WHERE id = ?').get(position) as {
            instance: string;
          };
          rows(of, 'SELECT * FROM logs WHERE id > ? AND instance = ? ORDER BY id LIMIT 20', position, instance);
          return rows(
            of,
            'SELECT * FROM logs WHERE id < ? AND instance = ? ORDER BY id DESC LIMIT 20',
            position,
            instance,
          );
        },
      };
      for (const question of [...QUESTIONS, around]) {
        bench.say(`store: ${question.name}`);
        const own = await time(() => question.flywatch(hub));
        const other = await time(() => question.fts5(db));
        table.push({
          question: question.name,
          ...own,
          rival_first_ms: other.first_ms,
          rival_median_ms: other.median_ms,
          rival_found: other.found,
        });
      }
      const { rssBytes, peakRssBytes } = readProcess(hub.pid);
      return { start_rss_mb: startRss, rss_mb: rssBytes / 2 ** 20, peak_rss_mb: peakRssBytes / 2 ** 20 };
    },
    { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, LOG_RETENTION_DAYS: '36500' },
  );
  db.close();
  return { table, hub: hubRow };
}

/** Live latency beside questions that read everything. */
async function beside(bench: Bench, file: string, scanning: boolean): Promise<Row> {
  return withHub(
    bench,
    async (fed) => {
      let over = false;
      let answers = 0;
      const clients = Array.from({ length: scanning ? 3 : 0 }, async () => {
        while (!over) {
          await logs(fed.hub, 'q=/bl[o]ck.*x{3}y/').catch(() => 0);
          answers++;
        }
      });
      const result = await measureLoad(bench, fed.target('sse'), { readers: 100, rate: 2000 });
      over = true;
      await Promise.all(clients);
      return { case: scanning ? 'while all is scanned' : 'alone', answers, ...result };
    },
    { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, LOG_RETENTION_DAYS: '36500' },
  );
}

async function run(bench: Bench): Promise<ScenarioResult> {
  const missing = hubMissing(bench);
  if (missing) return { tables: [], notes: [missing] };
  const events = bench.quick ? QUICK_EVENTS : EVENTS;
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-store-'));
  try {
    const file = join(folder, 'flywatch.db');
    const rival = join(folder, 'rows.db');
    bench.say(`store: writing ${events} events`);
    const own = await write('flywatch', file, events);
    bench.say('store: writing them as rows with FTS5');
    const other = await write('fts5', rival, events);
    const written = [
      { name: 'flywatch', ...own },
      { name: 'SQLite rows + FTS5', ...other },
    ].map((row) => ({
      ...row,
      per_core_s: row.events / row.cpu_s,
      cpu_us: (row.cpu_s * 1e6) / row.events,
      bytes: row.file_bytes / row.events,
      share: row.payload_bytes / row.file_bytes,
    }));
    const { table, hub } = await askBoth(bench, file, rival);
    rmSync(rival);
    const live = [await beside(bench, file, false), await beside(bench, file, true)];
    return {
      tables: [
        {
          title: `writing ${events} events, parse included, one thread`,
          columns: [
            { key: 'name', label: 'store' },
            { key: 'per_core_s', label: 'events/s of one core' },
            { key: 'cpu_us', label: 'CPU µs an event', digits: 2 },
            { key: 'bytes', label: 'bytes an event', digits: 1 },
            { key: 'share', label: 'NDJSON is x times as large', digits: 1 },
            { key: 'peak_rss_mb', label: 'peak MB' },
          ],
          rows: written,
        },
        {
          title: 'asking, milliseconds',
          columns: [
            { key: 'question', label: 'question' },
            { key: 'first_ms', label: 'first', digits: 1 },
            { key: 'median_ms', label: 'median', digits: 1 },
            { key: 'found', label: 'found' },
            { key: 'rival_first_ms', label: 'FTS5 first', digits: 1 },
            { key: 'rival_median_ms', label: 'FTS5 median', digits: 1 },
            { key: 'rival_found', label: 'found' },
          ],
          rows: table,
        },
        {
          title: 'the hub over it',
          columns: [
            { key: 'start_rss_mb', label: 'RSS MB at start' },
            { key: 'rss_mb', label: 'after the questions' },
            { key: 'peak_rss_mb', label: 'peak' },
          ],
          rows: [hub],
        },
        {
          title: '100 readers at 2,000 events/s beside a scan of everything',
          columns: [
            { key: 'case', label: 'run' },
            { key: 'answers', label: 'scans answered' },
            { key: 'p50_ms', label: 'p50 ms', digits: 1 },
            { key: 'p99_ms', label: 'p99 ms', digits: 1 },
            { key: 'max_ms', label: 'max ms', digits: 1 },
            { key: 'complete', label: 'all arrived' },
            { key: 'peak_rss_mb', label: 'peak MB' },
            { key: 'others_cores', label: 'others', digits: 2 },
          ],
          rows: live,
        },
      ],
      notes: [`Lines from ${own.from}.`],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const store: Scenario = {
  name: 'store',
  about: `Ten million Fly events (--quick: one million) into the embedded store, and questions to it over HTTP.
Rival: SQLite rows with an index on time and FTS5 over the messages, asked in-process.`,
  run,
};
