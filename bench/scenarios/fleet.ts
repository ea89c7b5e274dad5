// fleet: what a fleet of hosts costs the hub, and how fast its pages are over 90 days of figures.
//
// First, 200 agents report to one hub every ten seconds, each at a moment of its own: a row of figures as a small host's agent sends
// it (1.8 KB), and each third time the results of two checks. Every batch is gzipped and has an id, as agents' batches do. CPU and
// memory of the hub are taken over the window; afterwards the hub is asked how many rows it has, which has to be what it acknowledged.
//
// Then a store is filled with 90 days of 50 hosts with two checks each, through the writer of the hub (bench/fleet/fill.ts says how), a hub is
// started over it, and what the pages of a fleet ask is asked twenty times. The first answer has all of the process cold; the goal
// is 50 ms for the median of the others. No rival.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Bench, Scenario } from '../bench.ts';
import { startChild } from '../child.ts';
import { asSent, checkRow, metricsRow } from '../fleet/rows.ts';
import { readProcess } from '../process-stats.ts';
import type { Row, ScenarioResult, Table } from '../report.ts';
import type { Hub } from '../servers/hub.ts';
import { hubMissing, withHub } from '../targets.ts';

const AGENTS = 200;
const INTERVAL_MS = 10_000;
/** Reports with results of checks: those of every 30 s. */
const CHECKS_EVERY = 3;

const HOSTS = 50;
const QUICK_HOSTS = 5;
const DAYS = 90;
const ASKED = 20;
const GOAL_MS = 50;

interface Acknowledged {
  metrics: number;
  checks: number;
  slowestMs: number;
}

/** One agent, from its own moment in the interval on until the window ends. */
async function report(hub: Hub, agent: number, endMs: number, acknowledged: Acknowledged): Promise<void> {
  await pause((INTERVAL_MS * agent) / AGENTS);
  for (let sequence = 0; performance.now() < endMs; sequence++) {
    const dueMs = performance.now() + INTERVAL_MS;
    await send(hub, 'metrics', agent, sequence, [asSent('metrics', metricsRow(agent, Date.now()))], acknowledged);
    if (sequence % CHECKS_EVERY === 0) {
      const results = [1, 2].map((check) => asSent('checks', checkRow(agent, check, Date.now())));
      await send(hub, 'checks', agent, sequence, results, acknowledged);
    }
    await pause(Math.max(0, Math.min(dueMs, endMs) - performance.now()));
  }
}

async function send(
  hub: Hub,
  kind: 'metrics' | 'checks',
  agent: number,
  sequence: number,
  rows: object[],
  acknowledged: Acknowledged,
): Promise<void> {
  const startMs = performance.now();
  const answer = await fetch(`http://127.0.0.1:${hub.port}/ingest/${kind}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'batch-id': `agent/vps-${agent}-shop-${kind}/boot/${sequence}/0`,
    },
    body: gzipSync(JSON.stringify(rows)),
  });
  if (!answer.ok) throw new Error(`${kind} of agent ${agent}: ${answer.status} ${await answer.text()}`);
  acknowledged[kind] += ((await answer.json()) as { accepted: number }).accepted;
  acknowledged.slowestMs = Math.max(acknowledged.slowestMs, performance.now() - startMs);
}

async function measureAgents(bench: Bench, folder: string): Promise<Table> {
  const seconds = Math.max(bench.seconds * 6, (3 * INTERVAL_MS) / 1000);
  bench.say(`fleet: ${AGENTS} agents for ${seconds} s`);
  const row = await withHub(
    bench,
    async ({ hub }) => {
      const acknowledged: Acknowledged = { metrics: 0, checks: 0, slowestMs: 0 };
      const before = readProcess(hub.pid);
      const startMs = performance.now();
      const agents = Array.from({ length: AGENTS }, (_, i) =>
        report(hub, i + 1, startMs + seconds * 1000, acknowledged),
      );
      await Promise.all(agents);
      const tookS = (performance.now() - startMs) / 1000;
      const after = readProcess(hub.pid);
      const kept = await countKept(hub);
      return {
        rows: acknowledged.metrics + acknowledged.checks,
        per_s: (acknowledged.metrics + acknowledged.checks) / tookS,
        kept: kept === acknowledged.metrics + acknowledged.checks,
        core_percent: ((after.cpuS - before.cpuS) / tookS) * 100,
        us_per_row: ((after.cpuS - before.cpuS) * 1e6) / (acknowledged.metrics + acknowledged.checks),
        slowest_ms: acknowledged.slowestMs,
        rss_mb: after.rssBytes / 2 ** 20,
        peak_rss_mb: after.peakRssBytes / 2 ** 20,
      };
    },
    { PERSISTENCE_ENABLED: 'true', STORE_PATH: join(folder, 'agents.db'), WATCH_OWN_HOST: 'false' },
  );
  return {
    title: `${AGENTS} agents, a report each ${INTERVAL_MS / 1000} s, two checks each ${(CHECKS_EVERY * INTERVAL_MS) / 1000} s`,
    columns: [
      { key: 'rows', label: 'rows acknowledged' },
      { key: 'kept', label: 'all kept, none twice' },
      { key: 'per_s', label: 'rows/s', digits: 1 },
      { key: 'core_percent', label: '% of a core', digits: 1 },
      { key: 'us_per_row', label: 'us/row' },
      { key: 'slowest_ms', label: 'slowest ms' },
      { key: 'rss_mb', label: 'RSS MB', digits: 1 },
      { key: 'peak_rss_mb', label: 'peak RSS MB', digits: 1 },
    ],
    rows: [row],
  };
}

/** Rows of all agents, as the hub tells them. */
async function countKept(hub: Hub): Promise<number> {
  let kept = 0;
  for (let agent = 1; agent <= AGENTS; agent++)
    for (const kind of ['metrics', 'health'])
      kept += ((await (await fetch(`http://127.0.0.1:${hub.port}/api/vps/vps-${agent}/${kind}`)).json()) as unknown[])
        .length;
  return kept;
}

const QUESTIONS: readonly (readonly [name: string, path: string])[] = [
  ['all hosts, with all they sent last', '/api/fleet/summary?details=true'],
  ['a host over 90 days', '/api/vps/vps-3/series?from=90d'],
  ['a host over 30 days', '/api/vps/vps-3/series?from=30d'],
  ['a host over a week', '/api/vps/vps-3/series?from=7d'],
  ['a host over a day', '/api/vps/vps-3/series?from=24h'],
  ['a host over the last hour', '/api/vps/vps-3/series'],
  ['a host’s rows of a day', '/api/vps/vps-3/metrics?hours=24'],
  ['the page of the fleet, an hour', '/api/fleet/overview?hours=1'],
  ['the page of the fleet, a week', '/api/fleet/overview?hours=168'],
];

async function measureQuestions(bench: Bench, folder: string): Promise<{ table: Table; note: string }> {
  const hosts = bench.quick ? QUICK_HOSTS : HOSTS;
  const file = join(folder, 'filled.db');
  bench.say(`fleet: filling a store with ${DAYS} days of ${hosts} hosts`);
  const child = startChild({
    name: 'fill',
    command: process.execPath,
    args: [join(import.meta.dirname, '../fleet/fill.ts'), file, String(hosts), String(DAYS)],
  });
  const filled = JSON.parse(await child.nextLine(3_600_000)) as { rows: number; seconds: number; file_bytes: number };
  const rows = await withHub(
    bench,
    async ({ hub }) => {
      const asked: Row[] = [];
      for (const [name, path] of QUESTIONS) asked.push({ name, ...(await ask(hub, path)) });
      return asked;
    },
    { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, WATCH_OWN_HOST: 'false' },
  );
  return {
    table: {
      title: `${DAYS} days of ${hosts} hosts with two checks each in the store, ${ASKED} times each`,
      columns: [
        { key: 'name', label: 'question' },
        { key: 'first_ms', label: 'first ms', digits: 1 },
        { key: 'median_ms', label: 'median ms', digits: 1 },
        { key: 'worst_ms', label: 'worst ms', digits: 1 },
        { key: 'goal', label: `under ${GOAL_MS} ms` },
        { key: 'kb', label: 'KB' },
      ],
      rows,
    },
    note: `The store had ${filled.rows.toLocaleString('en-US')} rows and ${Math.round(filled.file_bytes / 2 ** 20)} MB; filling it took ${Math.round(filled.seconds)} s.`,
  };
}

async function ask(hub: Hub, path: string): Promise<Row> {
  const times: number[] = [];
  let bytes = 0;
  for (let i = 0; i < ASKED; i++) {
    const startMs = performance.now();
    const answer = await fetch(`http://127.0.0.1:${hub.port}${path}`);
    const body = await answer.text();
    times.push(performance.now() - startMs);
    // Another checkout's hub may not have the route.
    if (answer.status === 404) return {};
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`);
    bytes = body.length;
  }
  const later = times.slice(1).sort((a, b) => a - b);
  const median = later[later.length >> 1]!;
  return { first_ms: times[0]!, median_ms: median, worst_ms: later.at(-1)!, goal: median < GOAL_MS, kb: bytes / 1024 };
}

async function run(bench: Bench): Promise<ScenarioResult> {
  const missing = hubMissing(bench);
  if (missing) return { tables: [], notes: [missing] };
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-fleet-'));
  try {
    const agents = await measureAgents(bench, folder);
    const questions = await measureQuestions(bench, folder);
    return { tables: [agents, questions.table], notes: [questions.note] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const fleet: Scenario = {
  name: 'fleet',
  about: `${AGENTS} agents that report each ${INTERVAL_MS / 1000} s: what they cost the hub, and whether every row that was acknowledged is kept, once.
Then the questions of a fleet's pages over ${DAYS} days of figures of ${HOSTS} hosts; goal ${GOAL_MS} ms. No rival.`,
  run,
};
