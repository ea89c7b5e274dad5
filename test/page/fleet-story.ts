/**
 * A small fleet of hosts as its agents would report it, told at once for the last hour: a database fills its disk and is silent for six
 * minutes, a backup host has died, an edge host is late, the others are fine.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;

interface Host {
  readonly name: string;
  readonly app: string;
  readonly os: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly intervalMs: number;
  readonly cpu: number;
  readonly memory: number;
  /** Percent now, and how much it has risen in the last hour. */
  readonly disk: readonly [now: number, rise: number];
  readonly load: number;
  /** How long ago its reports begin and end. */
  readonly fromMs: number;
  readonly untilMs: number;
}

const BASE = {
  app: 'ops',
  os: 'Debian GNU/Linux 12 (bookworm)',
  cores: 2,
  memoryBytes: 4e9,
  diskBytes: 80e9,
  intervalMs: MINUTE,
};
const HOUR_LONG = { fromMs: HOUR, untilMs: 8 * SECOND };

const HOSTS: readonly Host[] = [
  {
    ...BASE,
    name: 'backup-nbg',
    cpu: 3,
    memory: 30,
    disk: [70, 0],
    load: 0.1,
    fromMs: 5.5 * HOUR,
    untilMs: 4.55 * HOUR,
  },
  {
    ...BASE,
    name: 'db-01',
    app: 'postgres',
    cores: 4,
    memoryBytes: 16e9,
    cpu: 41,
    memory: 71,
    disk: [96, 4],
    load: 3.82,
    ...HOUR_LONG,
  },
  { ...BASE, name: 'edge-01', cpu: 9, memory: 44, disk: [38, 0], load: 0.21, fromMs: HOUR, untilMs: 190 * SECOND },
  { ...BASE, name: 'mail-01', cpu: 6, memory: 39, disk: [61, 0], load: 0.08, ...HOUR_LONG },
  { ...BASE, name: 'build-01', cpu: 62, memory: 52, disk: [72, 0], load: 1.6, ...HOUR_LONG },
  { ...BASE, name: 'metrics-01', cpu: 14, memory: 66, disk: [54, 0], load: 0.44, ...HOUR_LONG },
];

/** When the database said nothing, before now. */
export const OUTAGE = { fromMs: 18 * MINUTE, toMs: 12 * MINUTE } as const;

/** The check of the database: first slow, then it fails. */
const CHECK = 'tcp://db-01:5432';

export async function tellFleet(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const nowMs = Date.now();
  const send = sendTo(url, headers);
  await send(
    'metrics',
    HOSTS.flatMap((host) => reportsOf(host, nowMs)),
  );
  await send('checks', [...checksOfDatabase(nowMs), ...checksOfOthers(nowMs)]);
  await send('logs', [...linesOfDatabase(nowMs), ...linesOfFly(nowMs)]);
}

/** One more report of each host that is alive: a story that is looked at for long goes on with it. */
export async function reportNow(url: string, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  const alive = HOSTS.filter(({ untilMs }) => untilMs === HOUR_LONG.untilMs);
  const rows = alive.flatMap((host) => reportsOf({ ...host, fromMs: 0, untilMs: 0 }, Date.now()));
  await sendTo(url, headers)('metrics', rows);
}

function sendTo(url: string, headers: Readonly<Record<string, string>>) {
  return async (kind: 'metrics' | 'checks' | 'logs', rows: readonly object[]): Promise<void> => {
    const response = await fetch(`${url}/ingest/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(rows),
    });
    if (!response.ok) throw new Error(`the hub took no ${kind}: ${response.status} ${await response.text()}`);
  };
}

function reportsOf(host: Host, nowMs: number): object[] {
  const { name, app, os, cores, memoryBytes, diskBytes, intervalMs, cpu, memory, disk, load } = host;
  const rows: object[] = [];
  for (let agoMs = host.untilMs; agoMs <= host.fromMs; agoMs += intervalMs) {
    if (name === 'db-01' && agoMs <= OUTAGE.fromMs && agoMs >= OUTAGE.toMs) continue;
    // Two waves that do not meet look like life, and are the same each time.
    const wave = Math.sin(agoMs / 400_000) + Math.sin(agoMs / 67_000) / 2;
    const diskPercent = disk[0] - (disk[1] * agoMs) / HOUR;
    rows.push({
      timestamp: new Date(nowMs - agoMs).toISOString(),
      vps_name: name,
      app_name: app,
      cpu_percent: round(cpu * (1 + 0.15 * wave)),
      memory_percent: round(memory + wave),
      memory_mb: round((memoryBytes * memory) / 100 / 1024 ** 2),
      disk_percent: round(diskPercent),
      disk_gb: round((diskBytes * diskPercent) / 100 / GIB),
      load_avg_1m: round(load * (1 + 0.2 * wave)),
      load_avg_5m: round(load * (1 + 0.1 * wave)),
      load_avg_15m: load,
      interval_seconds: intervalMs / SECOND,
      agent_version: '1.0.0',
      figures: {
        cpu: { cores, iowait_percent: round(cpu / 6 + Math.max(0, wave)) },
        memory: { used_bytes: (memoryBytes * memory) / 100, total_bytes: memoryBytes },
        disks: [
          {
            mount: '/',
            percent: round(diskPercent),
            used_bytes: Math.round((diskBytes * diskPercent) / 100),
            total_bytes: diskBytes,
            available_bytes: Math.round((diskBytes * (100 - diskPercent)) / 100),
          },
        ],
        network: { total: { rx_bytes: round(3e6 * (1 + 0.3 * wave)), tx_bytes: round(1.2e6 * (1 - 0.2 * wave)) } },
        uptime: { seconds: 41 * 86_400 },
        system: { os, kernel: '6.1' },
      },
    });
  }
  return rows;
}

function checksOfDatabase(nowMs: number): object[] {
  const rows: object[] = [];
  for (let agoMs = HOUR; agoMs > 0; agoMs -= MINUTE) {
    const fails = agoMs <= OUTAGE.fromMs && agoMs >= OUTAGE.toMs;
    const isSlow = !fails && agoMs <= OUTAGE.fromMs + 2 * MINUTE && agoMs > OUTAGE.toMs;
    rows.push({
      timestamp: new Date(nowMs - agoMs).toISOString(),
      vps_name: 'db-01',
      app_name: 'postgres',
      url: CHECK,
      name: 'postgres :5432',
      state: fails ? 'down' : isSlow ? 'degraded' : 'up',
      success: !fails,
      response_time_ms: fails ? null : isSlow ? 80 : 12 + 2 * Math.sin(agoMs / 90_000),
      error_message: fails ? 'connection refused' : null,
    });
  }
  return rows;
}

function checksOfOthers(nowMs: number): object[] {
  return HOSTS.filter(({ name }) => name !== 'db-01' && name !== 'backup-nbg').flatMap(({ name, app, untilMs }) =>
    Array.from({ length: 28 }, (_, i) => ({
      timestamp: new Date(nowMs - untilMs - i * 2 * MINUTE).toISOString(),
      vps_name: name,
      app_name: app,
      url: `https://${name}.example/healthz`,
      success: true,
      status_code: 200,
      response_time_ms: 20 + i / 10,
    })),
  );
}

function linesOfDatabase(nowMs: number): object[] {
  const rows: object[] = [];
  for (let agoMs = HOUR; agoMs > 0; agoMs -= 7 * SECOND) {
    const isBad = agoMs <= OUTAGE.fromMs && agoMs >= OUTAGE.toMs;
    const [level, message] = isBad
      ? agoMs % 3 === 0
        ? ['error', 'ERROR: could not extend file "base/16401/24718": No space left on device']
        : ['warn', 'LOG: archive command failed with exit code 255']
      : ['info', `LOG: checkpoint complete: wrote ${4112 + (agoMs % 977)} buffers (1.2%)`];
    rows.push({ time: new Date(nowMs - agoMs).toISOString(), host: 'db-01', app: 'postgres', level, message });
  }
  return rows;
}

/** Two apps on Fly: a worker of which one of two machines was killed for its memory, and a web app that is fine. */
export const FLY = { killed: '3287ce41b12345', worker: '6e82d4e6b12345', web: '4d891d77c12345' } as const;

function linesOfFly(nowMs: number): object[] {
  const worker = { app: 'acme-worker', region: 'fra', instance: FLY.killed };
  const other = { ...worker, instance: FLY.worker };
  const web = { app: 'acme-web', region: 'iad', instance: FLY.web };
  const lines: readonly (readonly [agoMs: number, from: object, line: object])[] = [
    [30 * MINUTE, worker, { provider: 'runner', level: 'info', message: 'Machine started in 812ms' }],
    [6 * MINUTE, other, { provider: 'app', level: 'info', message: 'job done queue=invoices' }],
    [4 * SECOND, other, { provider: 'app', level: 'info', message: 'job done queue=mails' }],
    [5 * MINUTE, worker, { provider: 'app', level: 'error', message: 'heap out of memory' }],
    [
      5 * MINUTE - 200,
      worker,
      {
        provider: 'app',
        level: 'error',
        message: '[ 812.345] Out of memory: Killed process 314 (node) total-vm:1126400kB, anon-rss:498112kB',
      },
    ],
    [
      5 * MINUTE - 400,
      worker,
      {
        provider: 'runner',
        level: 'info',
        message: 'machine exited with exit code 137, requested_stop: false, oom_killed: true',
      },
    ],
    ...Array.from(
      { length: 20 },
      (_, i) => [i * 20 * SECOND, web, { provider: 'app', level: 'info', message: `GET /cart 200 ${i} ms` }] as const,
    ),
  ];
  return lines.map(([agoMs, from, line]) => ({ time: new Date(nowMs - agoMs).toISOString(), ...from, ...line }));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
