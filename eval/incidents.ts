/**
 * Incidents, planted in the traffic of a small shop: what happens, what a person would ask, what has to be seen, and what an answer has to say. Two
 * of the six are none: an assistant that cries wolf is as bad as one that sees nothing.
 */

export interface PlantedLine {
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  readonly app: string;
  readonly instance: string;
  readonly region: string;
}

export interface Planted {
  readonly lines: readonly PlantedLine[];
  /** Rows for `/ingest/metrics` and `/ingest/checks`. */
  readonly metrics?: readonly object[];
  readonly checks?: readonly object[];
}

export interface Incident {
  readonly name: string;
  readonly question: string;
  readonly plant: (nowMs: number) => Planted;
  /** What an engineer would look at; one of them at least. */
  readonly tools: readonly string[];
  /** What has to stand in what the model was told, in the context or by tools. */
  readonly evidence: readonly RegExp[];
  /** What an answer has to say. */
  readonly says: readonly RegExp[];
  /** What it may not say. */
  readonly neverSays: readonly RegExp[];
}

const MINUTE = 60_000;
const REGIONS = ['fra', 'iad', 'syd'] as const;
const APPS = ['web', 'api', 'orders', 'worker'] as const;

/** Traffic of two hours, 12 lines a minute. */
function traffic(nowMs: number, tookMs: (region: string, agoMin: number) => number = () => 40): PlantedLine[] {
  const lines: PlantedLine[] = [];
  for (let i = 0; i < 1440; i++) {
    const agoMin = 120 - i / 12;
    const region = REGIONS[i % 3]!;
    const app = APPS[i % 4]!;
    const ms = Math.round(tookMs(region, agoMin) * (0.8 + ((i * 7919) % 40) / 100));
    const message =
      app === 'worker'
        ? `job ${7000 + i} done in ${ms}ms queue=mail`
        : `GET /${app}/${1000 + ((i * 31) % 977)} 200 in ${ms}ms`;
    lines.push(line(nowMs - agoMin * MINUTE, 'info', message, app, region));
    if (i % 97 === 0) lines.push(line(nowMs - agoMin * MINUTE, 'warn', `slow client, ${i} bytes left`, 'web', region));
  }
  return lines;
}

function line(timeMs: number, level: string, message: string, app: string, region: string): PlantedLine {
  return { timestamp: new Date(timeMs).toISOString(), level, message, app, region, instance: `${app}-${region}-1` };
}

/** Lines from one time to another, `perMinute` of them. */
function burst(
  nowMs: number,
  fromMin: number,
  toMin: number,
  perMinute: number,
  make: (i: number, timeMs: number) => PlantedLine,
) {
  const count = Math.round((fromMin - toMin) * perMinute);
  return Array.from({ length: count }, (_, i) => make(i, nowMs - (fromMin - i / perMinute) * MINUTE));
}

const noIncident = /\b(outage|is down|are down|crash(?:es|ed|ing)|incident is)\b/i;

export const INCIDENTS: readonly Incident[] = [
  {
    name: 'database down',
    question: 'Customers cannot check out. What is wrong, and since when?',
    plant: (nowMs) => ({
      lines: [
        ...traffic(nowMs),
        line(
          nowMs - 9 * MINUTE,
          'fatal',
          'postgres: terminating connections, disk full on volume pgdata',
          'orders',
          'fra',
        ),
        ...burst(nowMs, 8, 0, 20, (i, ms) =>
          line(
            ms,
            'error',
            `connect ECONNREFUSED 10.0.3.${i % 4}:5432 (postgres) while saving order ${9000 + i}`,
            'orders',
            REGIONS[i % 3]!,
          ),
        ),
      ],
    }),
    tools: ['get_logs', 'search_logs', 'count_logs', 'get_patterns'],
    evidence: [/ECONNREFUSED/, /disk full on volume pgdata/],
    says: [/postgres|database/i, /disk/i],
    neverSays: [/nothing (?:is )?wrong/i],
  },
  {
    name: 'memory leak',
    question: 'The worker on vps-1 restarts again and again. Why?',
    plant: (nowMs) => ({
      lines: [
        ...traffic(nowMs),
        ...burst(nowMs, 100, 0, 0.04, (_i, ms) =>
          line(ms, 'error', 'process ended by signal 9, starting again', 'worker', 'fra'),
        ),
      ],
      metrics: Array.from({ length: 300 }, (_, i) => ({
        ...{ timestamp: new Date(nowMs - (300 - i) * MINUTE).toISOString(), vps_name: 'vps-1', app_name: 'worker' },
        ...{ cpu_percent: 12 + (i % 5), memory_percent: 38 + ((i % 60) / 60) * 60, disk_percent: 41, load_avg_1m: 0.4 },
      })),
    }),
    tools: ['get_host_metrics', 'get_hosts'],
    evidence: [/signal 9/, /memory_percent/, /9\d(?:\.\d)? \|/],
    says: [/memory/i, /leak|grow|climb|rise|increas|oom|sawtooth/i],
    neverSays: [/nothing (?:is )?wrong/i],
  },
  {
    name: 'bad deploy',
    question: 'Something feels off since half an hour. What has changed?',
    plant: (nowMs) => ({
      lines: [
        ...traffic(nowMs),
        line(nowMs - 25 * MINUTE, 'info', 'release v42 deployed, image registry.fly.io/api:v42', 'api', 'fra'),
        ...burst(nowMs, 24, 0, 6, (i, ms) =>
          line(
            ms,
            'error',
            `TypeError: cannot read properties of undefined (reading 'currency') at priceOf cart ${i}`,
            'api',
            REGIONS[i % 3]!,
          ),
        ),
      ],
    }),
    tools: ['get_patterns', 'search_logs', 'count_logs', 'get_logs'],
    evidence: [/release v42 deployed/, /reading 'currency'/],
    says: [/v42|deploy|release/i, /currency|TypeError/i],
    neverSays: [/nothing (?:is )?wrong/i],
  },
  {
    name: 'one region slow',
    question: 'Some users say that the shop is slow. Who is affected?',
    plant: (nowMs) => ({
      lines: [
        ...traffic(nowMs, (region, agoMin) => (region === 'syd' && agoMin < 40 ? 4200 : 40)),
        ...burst(nowMs, 40, 0, 2, (i, ms) => line(ms, 'warn', `upstream took ${4000 + (i % 400)}ms`, 'web', 'syd')),
      ],
    }),
    tools: ['search_logs', 'count_logs', 'get_logs', 'get_patterns'],
    evidence: [/upstream took 4\d\d\dms/, /syd/],
    says: [/\bsyd\b|sydney/i],
    neverSays: [/all regions are (?:slow|affected)/i, /nothing (?:is )?wrong/i],
  },
  {
    name: 'a noisy but harmless error',
    question: 'There are so many errors in the log. Is there an incident?',
    plant: (nowMs) => ({
      lines: [
        ...traffic(nowMs),
        ...burst(nowMs, 120, 0, 10, (i, ms) =>
          line(
            ms,
            'error',
            `optional avatar cache miss for user ${i}, default picture is used`,
            'web',
            REGIONS[i % 3]!,
          ),
        ),
      ],
    }),
    tools: ['count_logs', 'get_patterns', 'search_logs', 'get_logs'],
    evidence: [/optional avatar cache miss/],
    says: [
      /avatar|cache miss/i,
      /harmless|no incident|not an incident|steady|constant|unchanged|same rate|benign|no sign/i,
    ],
    neverSays: [noIncident],
  },
  {
    name: 'nothing wrong at all',
    question: 'Is anything wrong right now?',
    plant: (nowMs) => ({ lines: traffic(nowMs) }),
    tools: [],
    evidence: [/Errors: 0/],
    says: [/nothing|no (?:errors?|problems?|issues?|incidents?|sign)|all (?:is )?(?:fine|well|good)|healthy|normal/i],
    neverSays: [noIncident],
  },
];
