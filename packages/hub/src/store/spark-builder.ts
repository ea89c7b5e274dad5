/** Puts small curves together from parts that each lie within a bucket: single reports, or buckets of a roll-up. */

import type { SparksAnswer, SparksQuestion } from './figures.ts';
import { type Aggregate, meanOf } from './rollup/bucket.ts';

type Sum = Pick<Aggregate, 'sum' | 'count'>;

type Sums = readonly [cpu: Sum, memory: Sum];

const NOTHING: Sum = { sum: 0, count: 0 };

export class SparkBuilder {
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #hosts = new Map<string, Map<number, Sums>>();

  constructor({ fromMs, stepMs }: Pick<SparksQuestion, 'fromMs' | 'stepMs'>) {
    this.#fromMs = fromMs;
    this.#stepMs = stepMs;
  }

  /** What a host said at, or from, a time on; from before the first bucket it counts for nothing. */
  add(vps: string, timeMs: number, cpu: Sum | undefined, memory: Sum | undefined): void {
    if (timeMs < this.#fromMs) return;
    const buckets = this.#hosts.get(vps) ?? new Map<number, Sums>();
    this.#hosts.set(vps, buckets);
    const bucketMs = timeMs - ((timeMs - this.#fromMs) % this.#stepMs);
    const [cpuBefore, memoryBefore] = buckets.get(bucketMs) ?? [NOTHING, NOTHING];
    buckets.set(bucketMs, [added(cpuBefore, cpu), added(memoryBefore, memory)]);
  }

  finish(): SparksAnswer {
    const hosts = [...this.#hosts].map(([vps, buckets]) => {
      const sorted = [...buckets].sort(([a], [b]) => a - b);
      return {
        vps,
        times: sorted.map(([timeMs]) => timeMs),
        cpuPercent: sorted.map(([, [cpu]]) => meanOf(cpu)),
        memoryPercent: sorted.map(([, [, memory]]) => meanOf(memory)),
      };
    });
    return { hosts };
  }
}

/** What a single report says. */
export function sumOf(value: unknown): Sum | undefined {
  return typeof value === 'number' ? { sum: value, count: 1 } : undefined;
}

function added(before: Sum, more: Sum | undefined): Sum {
  return more === undefined ? before : { sum: before.sum + more.sum, count: before.count + more.count };
}
