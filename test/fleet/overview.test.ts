/** The Fleet page's answer on a real hub: hosts that report over HTTP, machines that Fly's bus tells of, and a restart in between. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { fencedBlocks, section } from '../docs/markdown.ts';
import { NATS_PASSWORD, NATS_USER, startNatsServer } from '../support/nats-server.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

interface Unit {
  readonly kind: 'vps' | 'fly';
  readonly name: string;
  readonly state: string;
  readonly severity: string | null;
  readonly reasons: readonly { readonly code: string; readonly text: string; readonly since: string | null }[];
  readonly demo: boolean;
  readonly errors: { readonly count: number; readonly buckets: readonly number[] };
  readonly machines: readonly { readonly id: string; readonly state: string; readonly text: string }[];
  readonly [more: string]: unknown;
}

interface Overview {
  readonly bucket_ms: number;
  readonly units: readonly Unit[];
  readonly totals: Readonly<Record<string, number>>;
  readonly complete: boolean;
  readonly missing: readonly string[];
}

async function overviewOf({ url }: TestHub, query = ''): Promise<Overview> {
  const response = await fetch(`${url}/api/fleet/overview${query}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Overview;
}

/** Asks until the answer is as wished: it is kept for a second. */
async function overviewWhen(hub: TestHub, isWished: (overview: Overview) => boolean): Promise<Overview> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const overview = await overviewOf(hub);
    if (isWished(overview)) return overview;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(overview)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function post(hub: TestHub, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(hub.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

function report(vps: string, agoMs: number, more: object = {}) {
  const row = { timestamp: ago(agoMs), vps_name: vps, app_name: 'postgres', cpu_percent: 40, memory_percent: 71 };
  return { ...row, ...more };
}

/** A disk of 80 GB with 3.2 GB left, which has risen by 1.1 GB in an hour. */
function filling(agoMs: number) {
  const used = 76.8e9 - (1.1e9 * agoMs) / (60 * MINUTE_MS);
  const disk = { mount: '/', percent: used / 80e7, used_bytes: used, total_bytes: 80e9, available_bytes: 80e9 - used };
  return { figures: { cpu: { cores: 4 }, memory: { total_bytes: 16e9, used_bytes: 11.4e9 }, disks: [disk] } };
}

interface Sample {
  readonly case: string;
  readonly subject: string;
  readonly payload: { readonly message: string };
}

const samples = new Map(
  readFileSync(new URL('../fixtures/fly-nats.ndjson', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Sample)
    .map((sample) => [sample.case, sample]),
);

/** A message as Fly sends it, of another machine and time: samples are of one day. */
function sampled(name: string, app: string, machine: string, agoMs: number) {
  const { payload } = samples.get(name)!;
  return {
    subject: `logs.${app}.fra.${machine}`,
    payload: JSON.stringify({
      ...payload,
      fly: { app: { instance: machine, name: app }, region: 'fra' },
      timestamp: ago(agoMs),
    }),
  };
}

const STEADY = '6e82d4e6a37548';
const KILLED = '3287ce41c63d85';
const IDLE = '148e21b3d907f4';
const SICK = '7811ee20f5d498';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-overview-'));
let hub: TestHub;

beforeAll(async () => {
  await using nats = await startNatsServer();
  const fly = { NATS_URL: nats.url, FLY_ORG: NATS_USER, ACCESS_TOKEN: NATS_PASSWORD, FLY_APP: '*' };
  hub = await startTestHub({ STORE_PATH: join(folder, 'flywatch.db'), ...fly });
  const isReady = async () => expect((await fetch(`${hub.url}/ready`)).status).toBe(200);
  await vi.waitFor(isReady, { timeout: PATIENCE_MS });

  const minutes = Array.from({ length: 70 }, (_, i) => i * MINUTE_MS);
  await post(hub, '/ingest/metrics', [
    ...minutes.map((ms) => report('db-01', ms + 8 * SECOND_MS, filling(ms))),
    ...[0, 1, 2].map((i) => report('edge-01', 190 * SECOND_MS + i * MINUTE_MS)),
    ...[0, 1, 2].map((i) => report('backup-nbg', 273 * MINUTE_MS + i * MINUTE_MS)),
    ...[0, 1, 2].map((i) => report(hostname(), 2 * SECOND_MS + i * 10 * SECOND_MS, { interval_seconds: 30 })),
    report('forgotten', 8 * 24 * 60 * MINUTE_MS),
  ]);
  const check = { vps_name: hostname(), app_name: 'shop', url: 'https://shop.example/', status_code: null };
  await post(
    hub,
    '/ingest/checks',
    [true, true, false, false, false, false].map((success, i) => ({
      ...check,
      timestamp: ago((5 - i) * 30 * SECOND_MS + 5 * SECOND_MS),
      success,
      error_message: success ? null : 'connection refused',
      state: success ? 'up' : i < 4 ? 'degraded' : 'down',
    })),
  );
  const lines = Array.from({ length: 200 }, (_, i) => ({
    message: i % 2 === 0 ? 'ok' : 'failed',
    level: i % 2 === 0 ? 'info' : 'error',
    time: ago(MINUTE_MS + i * 100),
  }));
  await post(hub, '/ingest/logs?provider=agent&app=postgres&host=db-01', lines);

  const client = await nats.client();
  const said = [
    sampled('runner-started', 'acme-worker', STEADY, 40 * MINUTE_MS),
    sampled('runner-started', 'acme-worker', KILLED, 40 * MINUTE_MS),
    // The kernel's word comes after init's here.
    sampled('app-oom-init', 'acme-worker', KILLED, 90 * SECOND_MS),
    sampled('app-kernel-oom', 'acme-worker', KILLED, 91 * SECOND_MS),
    sampled('runner-started', 'acme-cron', IDLE, 60 * MINUTE_MS),
    sampled('proxy-autostop', 'acme-cron', IDLE, 50 * MINUTE_MS),
    sampled('app-init-signal', 'acme-cron', IDLE, 50 * MINUTE_MS),
    sampled('runner-exit', 'acme-cron', IDLE, 50 * MINUTE_MS - 2000),
    sampled('runner-started', 'acme-web', SICK, 30 * MINUTE_MS),
    sampled('health-fail', 'acme-web', SICK, 4 * MINUTE_MS),
    sampled('proxy-pm05', 'acme-web', SICK, 3 * MINUTE_MS),
  ];
  for (const { subject, payload } of said) client.publish(subject, payload);
  await client.flush();
  await overviewWhen(hub, isLearned);
}, 30_000);

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const isLearned = ({ units, complete }: Overview) =>
  complete && units.find(({ name }) => name === 'acme-web')?.state === 'attention';

/** What must be the same before a restart and after it. */
const briefly = ({ units }: Overview) =>
  units.map(({ name, state, reasons }) => [name, state, reasons.map(({ code }) => code)]);

test('hosts and apps with what is wrong with them, trouble first', async () => {
  const overview = await overviewWhen(hub, isLearned);
  const attention = Array(4).fill('attention') as string[];
  expect(overview.units.map(({ state }) => state)).toEqual(['down', ...attention, 'late', 'stopped']);
  expect(overview).toMatchObject({ bucket_ms: MINUTE_MS, complete: true, missing: [] });
  const texts = Object.fromEntries(overview.units.map(({ name, reasons }) => [name, reasons.map(({ text }) => text)]));
  expect(texts).toEqual({
    'backup-nbg': [expect.stringMatching(/^No report for 4 h 3\d min$/)],
    [hostname()]: [
      expect.stringMatching(/^https:\/\/shop\.example\/ failed 4 times in a row, for 1 min \d+ s: connection refused$/),
    ],
    'acme-worker': ['1 machine killed for memory'],
    'acme-web': ['Health check servicecheck-00-http-8080 on port 8080 fails'],
    'db-01': [
      expect.stringMatching(/^Error rate 50% for /),
      expect.stringMatching(/^Disk \/ 96% and rising 1\.1 GB\/h: full in 2 h 5\d min$/),
    ],
    'edge-01': [expect.stringMatching(/^Last report 3 min \d+ s ago, expected every 1 min$/)],
    'acme-cron': [],
  });
  expect(overview.totals).toEqual({
    ...{ down: 1, attention: 4, late: 1, stopped: 1, fine: 0 },
    ...{ machines_running: 2, machines: 4, checks_passed: 2, checks: 6 },
    // The kernel's lines, the health check and the proxy's are errors beside those of db-01.
    errors: overview.units.reduce((sum, { errors }) => sum + errors.count, 0),
  });
});

test('a host has its figures, its curve, its checks, and the errors among its lines', async () => {
  const { units } = await overviewWhen(hub, isLearned);
  const [db, own] = ['db-01', hostname()].map((name) => units.find((unit) => unit.name === name)!);
  expect(db).toMatchObject({
    ...{ kind: 'vps', apps: ['postgres'], interval_seconds: 60, this_hub: false, demo: false, machines: [] },
    system: { cores: 4, memory_bytes: 16e9, os: null },
    figures: { cpu_percent: 40, memory_percent: 71, disk_percent: 96, disk_mount: '/', load_avg_1m: null },
    checks: null,
  });
  expect(db!.errors.count).toBe(100);
  expect(db!.errors.buckets).toHaveLength(60);
  expect(db!.errors.buckets.reduce((sum, count) => sum + count, 0)).toBe(100);
  const spark = db!.spark as { cpu_percent: (number | null)[] };
  expect([spark.cpu_percent.length, spark.cpu_percent.filter((value) => value === 40).length > 50]).toEqual([60, true]);
  expect(own).toMatchObject({
    ...{ this_hub: true, interval_seconds: 30 },
    checks: { passed: 2, failed: 4, last: ['up', 'up', 'down', 'down', 'down', 'down'] },
  });
});

test('an app on Fly has its machines, with what they do', async () => {
  const { units } = await overviewWhen(hub, isLearned);
  const told = units.flatMap(({ kind, machines }) =>
    kind === 'fly' ? machines.map(({ id, state, text }) => [id, state, text]) : [],
  );
  expect(Object.fromEntries(told.map(([id, ...rest]) => [id, rest]))).toEqual({
    [STEADY]: ['started', 'Started'],
    [KILLED]: ['killed', 'Killed for memory'],
    [IDLE]: ['stopped', 'Stopped by Fly, not needed, exit 0'],
    [SICK]: ['failing', 'Health check servicecheck-00-http-8080 on port 8080 fails'],
  });
  const web = units.find(({ name }) => name === 'acme-web')!;
  expect([web.regions, web.errors.count, web.last_seen]).toEqual([['fra'], 2, expect.any(String)]);
});

test('the example of the page has the keys of the answer', async () => {
  const text = section(
    readFileSync(new URL('../../docs/http.md', import.meta.url), 'utf8'),
    '### `GET /api/fleet/overview`',
  );
  const example = JSON.parse(fencedBlocks(text)[0]!.text) as Overview;
  const overview = await overviewWhen(hub, isLearned);
  expect(keysOf(overview)).toEqual(keysOf(example));
  const host = overview.units.find(({ name }) => name === hostname())!;
  expect(keysOf(host)).toEqual(keysOf(example.units[0]!));
  for (const part of ['errors', 'figures', 'system', 'spark', 'checks'] as const) {
    expect([part, keysOf(host[part])]).toEqual([part, keysOf(example.units[0]![part])]);
  }
  expect(keysOf(host.reasons[0]!)).toEqual(keysOf(example.units[0]!.reasons[0]!));
  expect(keysOf(overview.totals)).toEqual(keysOf(example.totals));
});

const keysOf = (value: unknown) => Object.keys(value as object);

test('the range changes what is counted, and never what is wrong', async () => {
  const hour = await overviewWhen(hub, isLearned);
  const day = await overviewOf(hub, '?hours=24');
  expect(day.bucket_ms).toBe(30 * MINUTE_MS);
  expect(briefly(day)).toEqual(briefly(hour));
  for (const hours of ['0', '169', 'a']) {
    expect([hours, (await fetch(`${hub.url}/api/fleet/overview?hours=${hours}`)).status]).toEqual([hours, 400]);
  }
});

test('after a restart the same is known, machines too, without the bus', async () => {
  const before = await overviewWhen(hub, isLearned);
  await hub[Symbol.asyncDispose]();
  hub = await startTestHub({ STORE_PATH: join(folder, 'flywatch.db') });
  const after = await overviewWhen(hub, isLearned);
  const machines = ({ units }: Overview) =>
    units.flatMap(({ machines }) => machines.map(({ id, state, text }) => `${id} ${state} ${text}`)).sort();
  expect(machines(after)).toEqual(machines(before));
  const states = (overview: Overview) => Object.fromEntries(briefly(overview).map(([name, state]) => [name, state]));
  expect(states(after)).toEqual(states(before));
});

test('the demo’s apps are marked, and go with the first real event, for good', async () => {
  await using demo = await startTestHub({ DEMO_RATE: '200', PERSISTENCE_ENABLED: 'false' });
  const running = await overviewWhen(demo, ({ units }) => units.length >= 3);
  expect(running.units.map(({ kind, demo: isDemo }) => [kind, isDemo])).toEqual(running.units.map(() => ['fly', true]));
  await post(demo, '/ingest/logs?app=shop', [{ message: 'a real line' }]);
  await overviewWhen(demo, ({ units }) => units.length === 0);
  // What was counted in the demo's lines, which are still in memory, brings none of them back.
  await overviewOf(demo, '?hours=6');
  expect((await overviewOf(demo, '?hours=12')).units).toEqual([]);
});
