/** Puts together how the checks of all hosts went, from counts and single results. */

import type { CheckState, TalliesAnswer } from './figures.ts';

interface Host {
  readonly counts: Record<CheckState, number>;
  readonly newestFirst: CheckState[];
}

export class TallyBoard {
  readonly #lastResults: number;
  readonly #hosts = new Map<string, Host>();

  /** @param lastResults - newest results that are told of a host */
  constructor(lastResults: number) {
    this.#lastResults = lastResults;
  }

  #host(vps: string): Host {
    const known = this.#hosts.get(vps);
    if (known !== undefined) return known;
    const host: Host = { counts: { up: 0, degraded: 0, down: 0 }, newestFirst: [] };
    this.#hosts.set(vps, host);
    return host;
  }

  /** Results of the time that is asked for. */
  count(vps: string, state: CheckState, results: number): void {
    this.#host(vps).counts[state] += results;
  }

  /** One of the newest results of a host, whatever its age; they come newest first. */
  last(vps: string, state: CheckState): void {
    const { newestFirst } = this.#host(vps);
    if (newestFirst.length < this.#lastResults) newestFirst.push(state);
  }

  finish(): TalliesAnswer {
    const hosts = [...this.#hosts].map(([vps, { counts, newestFirst }]) => ({
      vps,
      passed: counts.up,
      degraded: counts.degraded,
      failed: counts.down,
      last: newestFirst.toReversed(),
    }));
    return { hosts };
  }
}
