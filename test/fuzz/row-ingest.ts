/**
 * `POST /ingest/metrics` and `/ingest/checks`: rows with names, times and values of every kind, good ones among them. A batch is kept
 * whole or refused with a reason, the hub counts what it said it took, and hosts can be read afterwards.
 */

import { hostileText, hostileValue } from './hostile.ts';
import type { Random } from './random.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';

export const rowIngest: Target = { name: 'row-ingest', share: 0.08, run };

type Kind = 'metrics' | 'checks';

const COUNTERS = { metrics: 'metrics_rows', checks: 'check_rows' } as const;

const NUMBERS = [
  'cpu_percent',
  'memory_percent',
  'memory_mb',
  'disk_percent',
  'disk_gb',
  'load_avg_1m',
  'load_avg_15m',
];

/** Names that are asked for afterwards: of a few hosts, so that rows meet in one bucket. */
const HOSTS = ['vps-1', 'vps 2', '__proto__', 'ü/%?#', '../x'];

async function run(context: FuzzContext): Promise<void> {
  const { open, tally } = context;
  const before = await open.getJson('/metrics');
  const accepted: Record<Kind, number> = { metrics: 0, checks: 0 };
  await eachCase(context, 4, async (random, index) => {
    const kind = random.pick(['metrics', 'checks'] as const);
    const rows = random.list(0, 12, () => anyRow(kind, random));
    const isKnown = rows.every(({ isGood }) => isGood);
    const startMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${open.port}/ingest/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(rows.map(({ row }) => row)),
    });
    const body = (await response.json()) as { accepted?: number; error?: string };
    tally.took(performance.now() - startMs, `case ${index}`);
    tally.outcome(String(response.status));
    if (response.status === 200) accepted[kind] += body.accepted ?? Number.NaN;
    const isRight = response.status === 200 ? body.accepted === rows.length : typeof body.error === 'string';
    const isAllowed = isKnown ? response.status === 200 : [200, 400, 413].includes(response.status);
    if (!isRight || !isAllowed)
      tally.finding(`case ${index}: ${response.status} ${JSON.stringify(body)} for ${JSON.stringify(rows)}`);
    if (random.chance(0.05)) await read(context, random.pick(HOSTS), random, index);
  });
  if (!open.isAlive) return;
  const after = await open.getJson('/metrics');
  for (const [kind, counter] of Object.entries(COUNTERS) as [Kind, string][]) {
    const counted = (after[counter] as number) - (before[counter] as number);
    if (counted !== accepted[kind])
      tally.finding(`${counted} rows of ${kind} counted by the hub, ${accepted[kind]} accepted in answers`);
  }
}

/** What was made of the rows has to be there, however odd they are. */
async function read({ open, tally }: FuzzContext, host: string, random: Random, index: number): Promise<void> {
  const path = `/api/vps/${encodeURIComponent(host)}/series?from=${random.pick(['1h', '12h', '30d'])}`;
  const response = await fetch(`http://127.0.0.1:${open.port}${path}`, { headers: { connection: 'close' } });
  const body = (await response.json()) as { times?: unknown };
  if (response.status !== 200 || !Array.isArray(body.times))
    tally.finding(`case ${index}: ${response.status} for ${path}: ${JSON.stringify(body).slice(0, 200)}`);
}

/** A row, and whether it has to be taken. */
function anyRow(kind: Kind, random: Random): { readonly row: unknown; readonly isGood: boolean } {
  if (random.chance(0.02)) return { row: hostileValue(random), isGood: false };
  const isOdd = random.chance(0.1);
  const number = () => random.pick([0, -1, 1e308, 5e-324, random.int(0, 1e6) / 7, null]);
  const row: Record<string, unknown> = {
    timestamp: new Date(Date.now() - random.int(0, 40 * 86_400_000)).toISOString(),
    vps_name: random.pick(HOSTS),
    app_name: random.pick(['shop', 'blog']),
    ...(kind === 'metrics' ? figures(number, random) : result(number, random)),
  };
  if (isOdd) row[random.pick(Object.keys(row))] = hostileValue(random);
  return { row, isGood: !isOdd };
}

function figures(number: () => number | null, random: Random): Record<string, unknown> {
  const section = () =>
    random.pick<unknown>([
      { percent: number() },
      [],
      null,
      'x',
      5,
      [{ io: null }, 7, { io: { read_bytes_per_second: number() } }],
    ]);
  return {
    ...Object.fromEntries(NUMBERS.map((name) => [name, number()])),
    figures: random.pick<unknown>([
      { cpu: section(), memory: section(), network: { total: section() }, disks: section(), ['__proto__']: section() },
      section(),
      hostileValue(random),
    ]),
  };
}

function result(number: () => number | null, random: Random): Record<string, unknown> {
  return {
    url: random.pick(['http://a/', 'http://b/', hostileText(random, 50)]),
    status_code: random.pick([200, 500, null]),
    response_time_ms: number(),
    success: random.chance(0.5),
    state: random.pick<unknown>(['up', 'degraded', 'down', {}, 5]),
    name: random.pick<unknown>(['home', null, {}, hostileText(random, 50)]),
  };
}
