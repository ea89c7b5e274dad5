// relay: do two hubs that share their events lose any, and what does sharing cost?
//
// A million events (--quick: 100,000) come to two hubs, half to each, as NDJSON over HTTP in batches of 1,000; both have their embedded
// stores. A reader on each hub (`/logs/ws?format=flat`) counts what it gets: every event of both hubs, once. Then each store is
// counted. CPU is that of both hubs per event that either got, with Redis and with NATS between them, and of one hub that takes the same
// events alone. No rival: the engines are what a rival would use.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { Bench, Scenario } from '../bench.ts';
import { readProcess } from '../process-stats.ts';
import type { Row, ScenarioResult } from '../report.ts';
import { type Hub, startHub } from '../servers/hub.ts';
import { startNats } from '../servers/nats.ts';
import { freePort } from '../servers/ports.ts';
import { hubMissing } from '../targets.ts';

const EVENTS = 1_000_000;
const QUICK_EVENTS = 100_000;
const BATCH = 1000;
/** Half of what a hub takes over HTTP at most: sharing is measured, and not the queue in front. */
const EVENTS_PER_S = 20_000;
const REDIS = '/usr/bin/redis-server';

/** What a reader has got: how often each event of each side. */
interface Seen {
  readonly counts: Uint8Array;
  gaps: number;
  close(): void;
}

function read(hub: Hub, events: number): Promise<Seen> {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}/logs/ws?format=flat`);
  const seen: Seen = { counts: new Uint8Array(events), gaps: 0, close: () => socket.terminate() };
  socket.on('message', (data: Buffer) => {
    const text = data.toString('latin1');
    const number = /"message":"event (\d+) of the shop"/.exec(text)?.[1];
    if (number === undefined) seen.gaps++;
    else seen.counts[Number(number)]!++;
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(seen));
    socket.once('error', reject);
  });
}

async function publish(hub: Hub, from: number, count: number): Promise<void> {
  const beganMs = performance.now();
  for (let at = 0; at < count; at += BATCH) {
    const body = Array.from({ length: BATCH }, (_, i) => `event ${from + at + i} of the shop`).join('\n');
    const answer = await fetch(`http://127.0.0.1:${hub.port}/ingest/logs?app=shop`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body,
    });
    if (!answer.ok) throw new Error(`ingest answered ${answer.status}: ${await answer.text()}`);
    const aheadMs = ((at + BATCH) * 1000) / EVENTS_PER_S - (performance.now() - beganMs);
    if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
  }
}

const total = async (hub: Hub): Promise<number> =>
  ((await (await fetch(`http://127.0.0.1:${hub.port}/logs/histogram`)).json()) as { total: number }).total;
const sum = (counts: Uint8Array): number => counts.reduce((all, count) => all + count, 0);

async function measure(
  bench: Bench,
  name: string,
  env: readonly Record<string, string>[],
  events: number,
): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-relay-'));
  const nats = await startNats();
  const hubs: Hub[] = [];
  try {
    for (const [i, extra] of env.entries()) {
      const store = { PERSISTENCE_ENABLED: 'true', STORE_PATH: join(folder, `${i}.db`), FLY_ORG: '', ACCESS_TOKEN: '' };
      hubs.push(await startHub(bench.hub!, nats, { ...store, ...extra }));
    }
    const readers = await Promise.all(hubs.map((hub) => read(hub, events)));
    const cpuBefore = hubs.map(({ pid }) => readProcess(pid).cpuS);
    const share = events / hubs.length;
    await Promise.all(hubs.map((hub, i) => publish(hub, i * share, share)));
    const deadline = performance.now() + 60_000;
    while (readers.some(({ counts }) => sum(counts) < events) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const cpu = hubs.reduce((all, { pid }, i) => all + readProcess(pid).cpuS - cpuBefore[i]!, 0);
    const stored = await Promise.all(hubs.map(total));
    for (const reader of readers) reader.close();
    return {
      engine: name,
      events,
      missing: readers.reduce((all, { counts }) => all + counts.filter((count) => count === 0).length, 0),
      twice: readers.reduce((all, { counts }) => all + counts.filter((count) => count > 1).length, 0),
      gaps: readers.reduce((all, { gaps }) => all + gaps, 0),
      stored: stored.join(' + '),
      cpu_us: (cpu * 1e6) / (events * hubs.length),
      peak_rss_mb: Math.max(...hubs.map(({ pid }) => readProcess(pid).peakRssBytes)) / 2 ** 20,
    };
  } finally {
    for (const hub of hubs) await hub.stop();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withRedis(run: (url: string) => Promise<Row>): Promise<Row> {
  const port = await freePort();
  const child = spawn(REDIS, ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore' });
  try {
    return await run(`redis://127.0.0.1:${port}`);
  } finally {
    child.kill('SIGKILL');
  }
}

async function run(bench: Bench): Promise<ScenarioResult> {
  const missing = hubMissing(bench);
  if (missing) return { tables: [], notes: [missing] };
  const events = bench.quick ? QUICK_EVENTS : EVENTS;
  const rows: Row[] = [];
  bench.say('relay: one hub alone');
  rows.push(await measure(bench, 'none, one hub', [{}], events));
  if (existsSync(REDIS)) {
    bench.say('relay: two hubs and Redis');
    rows.push(await withRedis((url) => measure(bench, 'Redis', [{ REDIS_URL: url }, { REDIS_URL: url }], events)));
  }
  bench.say('relay: two hubs and NATS');
  const nats = await startNats();
  const url = `nats://${encodeURIComponent(nats.user)}:${encodeURIComponent(nats.password)}@127.0.0.1:${nats.port}`;
  try {
    rows.push(await measure(bench, 'NATS', [{ RELAY_NATS_URL: url }, { RELAY_NATS_URL: url }], events));
  } finally {
    await nats.stop();
  }
  return {
    tables: [
      {
        title: `${events} events to two hubs, half to each, ${EVENTS_PER_S}/s to each`,
        columns: [
          { key: 'engine', label: 'engine' },
          { key: 'missing', label: 'missing at a reader' },
          { key: 'twice', label: 'twice' },
          { key: 'gaps', label: 'gaps' },
          { key: 'stored', label: 'in the stores' },
          { key: 'cpu_us', label: 'CPU µs an event and hub', digits: 1 },
          { key: 'peak_rss_mb', label: 'peak MB of a hub' },
        ],
        rows,
      },
    ],
    notes: existsSync(REDIS)
      ? []
      : [`Redis: ${REDIS} is not there (apt-get install redis-server), so its line is missing`],
  };
}

export const relay: Scenario = {
  name: 'relay',
  about: `A million events to two hubs that share them over Redis or NATS: what each reader and each store gets, and what it costs.`,
  run,
};
