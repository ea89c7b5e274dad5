import { BACKUPS, type Instance } from './cast.ts';
import type { Random } from './random.ts';

/**
 * How the shop is doing. `archiving`: the backup host is gone and WAL piles up; `slow`: the disk is nearly full and
 * queries crawl; `down`: Postgres has stopped; `recovering`: it is back and everybody has something to catch up on.
 */
export type Phase = 'calm' | 'archiving' | 'slow' | 'down' | 'recovering';

/** What a phase does to the requests that arrive in it. */
interface Weather {
  /** Share of requests that wait for a slow query. */
  readonly slow: number;
  /** Share that gets no connection from the pool in time: 503. */
  readonly starved: number;
  /** Share that finds nobody at Postgres's port: 500 and a stack trace. */
  readonly refused: number;
  /** Factor on all response times. */
  readonly delay: number;
  /** Factor on the pace of lines: people press reload when a page fails. Small, since the asked rate is a promise. */
  readonly bustle: number;
}

const WEATHER: Readonly<Record<Phase, Weather>> = {
  calm: { slow: 0.004, starved: 0, refused: 0, delay: 1, bustle: 1 },
  archiving: { slow: 0.03, starved: 0, refused: 0, delay: 1.3, bustle: 1 },
  slow: { slow: 0.45, starved: 0.15, refused: 0, delay: 6, bustle: 1.1 },
  down: { slow: 0, starved: 0.08, refused: 0.6, delay: 1.5, bustle: 1.25 },
  recovering: { slow: 0.15, starved: 0.02, refused: 0.01, delay: 2.2, bustle: 1.15 },
};

/** The state of the shop that its programs' lines speak of. */
export class Shop {
  phase: Phase = 'calm';
  /** Number of the newest order. */
  order = 88_213;
  /** Number of the newest WAL segment. */
  walSegment = 0x7f;
  /** The backup machine in use. */
  backup: Instance = BACKUPS[0];
  /** Jobs that wait in the workers' queues. */
  backlog = 3;
  /** The next request shall fail, that newcomers need not wait for the first stack trace. */
  mishapDue = false;
  readonly #stopped = new Set<Instance>();

  get weather(): Weather {
    return WEATHER[this.phase];
  }

  /** From now on the program of the machine says nothing more; init, kernel and platform may. */
  stop(instance: Instance): void {
    this.#stopped.add(instance);
  }

  resume(instance: Instance): void {
    this.#stopped.delete(instance);
  }

  isUp(instance: Instance): boolean {
    return !this.#stopped.has(instance);
  }

  /** A running one of the instances; undefined where all are stopped. */
  pickUp(random: Random, instances: readonly Instance[]): Instance | undefined {
    const from = random.between(0, instances.length - 1);
    for (let i = 0; i < instances.length; i++) {
      const instance = instances[(from + i) % instances.length]!;
      if (this.isUp(instance)) return instance;
    }
    return undefined;
  }

  /** Name of a WAL segment, as `pg_wal` has it; the next one each time. */
  nextSegment(): string {
    this.walSegment++;
    const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
    return `00000001${hex(0x3a + (this.walSegment >>> 8))}${hex(this.walSegment & 0xff)}`;
  }
}
