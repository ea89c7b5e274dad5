/** Lines and errors of hosts, apps and machines, summed up from those of the origins of lines. */

import type { ErrorCounts } from '@flywatch/core';
import type { Origin, OriginsAnswer } from '../../store/questions.ts';
import { type ErrorRate, errorRate } from './error-rate.ts';
import { isFlyMachine, isOfFly } from './fly/fly-origin.ts';
import type { OverviewSpan } from './span.ts';

/** Counts, and the span that they are of. */
export interface SpanCounts extends OriginsAnswer {
  readonly span: OverviewSpan;
}

interface Sum {
  readonly lines: number[];
  readonly errors: number[];
}

export class OriginErrors {
  readonly #span: OverviewSpan;
  readonly #hosts = new Map<string, Sum>();
  readonly #apps = new Map<string, Sum>();
  readonly #machines = new Map<string, Sum>();

  /** @param span - that is told; the counts may be those of a moment before, when it began a bucket earlier */
  constructor({ origins, span: counted }: SpanCounts, span: OverviewSpan) {
    this.#span = span;
    const shift = (span.fromMs - counted.fromMs) / span.stepMs;
    for (const { origin, lines, errors } of origins) {
      for (const sum of this.#sumsOf(origin)) {
        for (let i = 0; i < span.buckets; i++) {
          sum.lines[i]! += lines[i + shift] ?? 0;
          sum.errors[i]! += errors[i + shift] ?? 0;
        }
      }
    }
  }

  /** Lines of Fly are its app's and its machine's; all others are those of the host that they name. */
  #sumsOf(origin: Origin): Sum[] {
    const { app, instance, host } = origin;
    if (!isOfFly(origin)) return host === undefined ? [] : [this.#sum(this.#hosts, host)];
    if (app === undefined) return [];
    const ofApp = this.#sum(this.#apps, app);
    return isFlyMachine(origin) ? [ofApp, this.#sum(this.#machines, instance!)] : [ofApp];
  }

  #sum(sums: Map<string, Sum>, name: string): Sum {
    let sum = sums.get(name);
    if (sum === undefined) {
      sum = { lines: Array(this.#span.buckets).fill(0), errors: Array(this.#span.buckets).fill(0) };
      sums.set(name, sum);
    }
    return sum;
  }

  /** Fly apps that have said something. */
  get apps(): Iterable<string> {
    return this.#apps.keys();
  }

  ofHost(vps: string): ErrorCounts {
    return this.#counts(this.#hosts.get(vps));
  }

  ofApp(app: string): ErrorCounts {
    return this.#counts(this.#apps.get(app));
  }

  ofMachine(id: string): ErrorCounts {
    return this.#counts(this.#machines.get(id));
  }

  rateOfHost(vps: string, nowMs: number): ErrorRate | undefined {
    return this.#rate(this.#hosts.get(vps), nowMs);
  }

  rateOfApp(app: string, nowMs: number): ErrorRate | undefined {
    return this.#rate(this.#apps.get(app), nowMs);
  }

  #counts(sum: Sum | undefined): ErrorCounts {
    const buckets = sum?.errors ?? Array<number>(this.#span.buckets).fill(0);
    return { count: buckets.reduce((all, count) => all + count, 0), buckets };
  }

  #rate(sum: Sum | undefined, nowMs: number): ErrorRate | undefined {
    return sum === undefined ? undefined : errorRate(sum, this.#span.fromMs, this.#span.stepMs, nowMs);
  }
}
