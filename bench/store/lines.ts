// Fly envelopes with varied real log lines in them: the input of the store's bench.
//
// The lines are those of Loghub (LOGHUB_DIR: a folder of `*.log` files with 2,000 lines each of eight systems). Runs of three
// digits and more are replaced by others of the same length from a seed, as ids, ports and times vary; words stay as they
// are. Without LOGHUB_DIR a generator of a dozen statements takes their place, which compresses better than real lines do: the
// result says so.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A machine's part of the bus: what the subject of its messages says. */
export interface Machine {
  readonly app: string;
  readonly instance: string;
  readonly region: string;
  readonly wins: true;
}

export interface Message {
  readonly subject: Machine;
  readonly payload: Buffer;
}

/** Stands in three of all events, evenly spread, and in no other line. */
export const RARE_WORD = 'zymurgistic';

const MACHINES_PER_APP = 5;
const REGIONS = ['iad', 'fra', 'syd'];

/** Mulberry32: the same seed makes the same events. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface System {
  readonly name: string;
  readonly lines: readonly string[];
}

export function readSystems(): { systems: readonly System[]; from: string } {
  const folder = process.env.LOGHUB_DIR;
  if (folder === undefined || folder === '')
    return { systems: madeUpSystems(), from: 'a generator (LOGHUB_DIR is not set)' };
  const systems = readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .map((name) => ({
      name: name.replace(/_?2k?\.log$/i, '').toLowerCase(),
      lines: readFileSync(join(folder, name), 'utf8')
        .split(/\r?\n/)
        .filter((line) => line !== ''),
    }));
  if (systems.length === 0) throw new Error(`LOGHUB_DIR: ${folder} has no *.log files`);
  return { systems, from: `${systems.length} systems of Loghub` };
}

/** Lines of programs that do not exist. */
function madeUpSystems(): System[] {
  const statements = {
    web: [
      '10.100.200.100 - "GET /api/orders/100000 HTTP/1.1" 200 len 1000 in 100ms',
      'WARN slow query took 1000 ms: select * from orders where id = 100000',
      'authentication failure; logname= uid=0 tty=ssh ruser= rhost=100.200.100.200 user=root',
    ],
    worker: [
      'INFO job 10000000 of queue mail took 100 ms',
      'ERROR job 10000000 failed: connection refused (10.100.0.100:5432), retry 100',
      'request req-10000000-1000-1000 done, 100 rows',
    ],
  };
  return Object.entries(statements).map(([name, lines]) => ({ name, lines }));
}

/** Events in slices, without end; each about a millisecond after the one before. */
export function* generate(
  systems: readonly System[],
  slice: number,
  seed = 1,
  total = Number.POSITIVE_INFINITY,
): Generator<Message[]> {
  const random = randomFrom(seed);
  const below = (n: number) => Math.floor(random() * n);
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  const machines = systems.map(({ name }) =>
    Array.from({ length: MACHINES_PER_APP }, (_, i) => {
      const instance = hex(14);
      const region = REGIONS[i % REGIONS.length]!;
      return { subject: { app: `acme-${name}`, instance, region, wins: true } as const, host: instance.slice(0, 4) };
    }),
  );
  const rareEvery = Number.isFinite(total) ? Math.floor(total / 3) : 3_333_333;
  // An hour and a half of the past for ten million: what a busy fleet says on its worst day.
  let timeMs = Date.UTC(2026, 10, 20, 10);
  for (let made = 0; ; ) {
    const messages: Message[] = [];
    for (let i = 0; i < slice; i++, made++) {
      const system = below(systems.length);
      const { lines } = systems[system]!;
      let message = lines[below(lines.length)]!.replace(/\d{3,}/g, (run) => varied(run, below));
      if (made % rareEvery === rareEvery >> 1) message += ` ${RARE_WORD}`;
      timeMs += random() < 0.5 ? 1 : 0;
      const nanos = String(below(1e6)).padStart(6, '0');
      const time = `${new Date(timeMs).toISOString().slice(0, -1)}${nanos}Z`;
      const { subject, host } = machines[system]![below(MACHINES_PER_APP)]!;
      messages.push({
        subject,
        payload: Buffer.from(
          JSON.stringify({
            event: { provider: 'app' },
            fly: { app: { instance: subject.instance, name: subject.app }, region: subject.region },
            host,
            log: { level: 'info' },
            message,
            timestamp: time,
          }),
        ),
      });
    }
    yield messages;
  }
}

function varied(run: string, below: (n: number) => number): string {
  let digits = String(1 + below(9));
  while (digits.length < run.length) digits += below(10);
  return digits;
}
