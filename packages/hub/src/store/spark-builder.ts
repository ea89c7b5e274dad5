/** Puts small curves together from sums of any width that lies within a bucket: single reports, or buckets of a roll-up. */

import type { SparksAnswer, SparksQuestion } from './figures.ts';

interface Sum {
  sum: number;
  count: number;
}

type Sums = readonly [cpu: Sum, memory: Sum];

export class SparkBuilder {
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #hosts = new Map<string, Map<number, Sums>>();

  constructor({ fromMs, stepMs }: Pick<SparksQuestion, 'fromMs' | 'stepMs'>) {
    this.#fromMs = fromMs;
    this.#stepMs = stepMs;
  }

  /** Reports of a host at, or from, a time on; those from before the first bucket count for nothing. */
  add(vps: string, timeMs: number, cpu: Readonly<Sum>, memory: Readonly<Sum>): void {
    if (timeMs < this.#fromMs) return;
    const buckets = this.#hosts.get(vps) ?? new Map<number, Sums>();
    this.#hosts.set(vps, buckets);
    const bucketMs = timeMs - ((timeMs - this.#fromMs) % this.#stepMs);
    const sums = buckets.get(bucketMs) ?? [noSum(), noSum()];
    buckets.set(bucketMs, sums);
    for (const [i, { sum, count }] of [cpu, memory].entries()) {
      sums[i]!.sum += sum;
      sums[i]!.count += count;
    }
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
export function sumOf(value: unknown): Sum {
  return typeof value === 'number' ? { sum: value, count: 1 } : noSum();
}

function noSum(): Sum {
  return { sum: 0, count: 0 };
}

/** Two decimals say all that such figures know. */
function meanOf({ sum, count }: Sum): number | null {
  return count === 0 ? null : Math.round((sum / count) * 100) / 100;
}
