/**
 * The hub's own host as one of the fleet: the agent's collectors, once a minute, into the hub's own store. So that a page of hosts is
 * not empty on the first day, and the machine that everything depends on is not the one that nobody watches.
 */

import { HostCollector, metricsRow } from '@flywatch/agent/collectors';
import type { Log } from '../log.ts';
import type { Fleet } from './fleet.ts';

/** Under which the figures are kept. */
const OWN_APP = 'flywatch';

/** The first row comes early, once there are rates: somebody is looking at a hub that was just started. */
const FIRST_ROW_MS = 5000;

/** How often is looked whether an agent has taken over, and for how long its last row counts. */
const LOOK_INTERVAL_MS = 3_600_000;
const AGENT_COUNTS_MS = 86_400_000;

/** What container runtimes name a container that was given no name: another one with each start, which would fill a fleet with dead hosts. */
const MADE_UP_NAME = /^[0-9a-f]{12}$/;

export interface OwnHostOptions {
  readonly wish: boolean | 'auto';
  /** Of the host. */
  readonly name: string;
  /** A Fly machine is watched by Fly, and is another one after each deployment. */
  readonly isFlyMachine: boolean;
  /** Nobody can have reported yet: the store need not be asked, for which a thread would be started. */
  readonly isFirstStart: boolean;
  readonly fleet: Pick<Fleet, 'take' | 'summary'>;
  readonly intervalMs: number;
  readonly log: Log;
}

export class OwnHost {
  readonly #options: OwnHostOptions;
  readonly #collector: HostCollector;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #nextLookMs = 0;
  #isOurs = false;
  #isFailing = false;

  constructor(options: OwnHostOptions) {
    this.#options = options;
    this.#isOurs = options.isFirstStart;
    this.#nextLookMs = options.isFirstStart ? Date.now() + LOOK_INTERVAL_MS : 0;
    this.#collector = new HostCollector({
      onProblem: (collector, error) =>
        options.log.warn(`figures of this host: ${collector} cannot be had: ${(error as Error).message}`),
    });
  }

  start(): void {
    const { wish, name, isFlyMachine } = this.#options;
    if (wish === false || (wish === 'auto' && (isFlyMachine || MADE_UP_NAME.test(name)))) return;
    // Rates are those since the reading before.
    void this.#collector.collect();
    this.#again(FIRST_ROW_MS);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #again(ms: number): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#report(), ms).unref();
  }

  async #report(): Promise<void> {
    const { name, fleet, intervalMs, log } = this.#options;
    this.#again(intervalMs);
    try {
      if (!(await this.#isToBeWatched())) return;
      const atMs = Date.now();
      const row = metricsRow(await this.#collector.collect(), { atMs, vpsName: name, appName: OWN_APP });
      if (this.#isStopped) return;
      await fleet.take('metrics', [JSON.stringify({ ...row, interval_seconds: intervalMs / 1000 })], undefined);
      this.#isFailing = false;
    } catch (error) {
      // A store that is away now and then loses a minute of the hub's own figures, which is told once.
      if (!this.#isFailing && !this.#isStopped)
        log.warn(`figures of this host are not kept: ${(error as Error).message}`);
      this.#isFailing = true;
    }
  }

  /** Not where an agent does it already, under the same name. */
  async #isToBeWatched(): Promise<boolean> {
    const { wish, name, fleet, log } = this.#options;
    const nowMs = Date.now();
    if (wish === true || nowMs < this.#nextLookMs) return wish === true || this.#isOurs;
    const rows = await fleet.summary(false, nowMs);
    const agent = rows.find(
      ({ vps_name, app_name, last_seen }) =>
        vps_name === name && app_name !== OWN_APP && Date.parse(last_seen) > nowMs - AGENT_COUNTS_MS,
    );
    if (this.#isOurs && agent !== undefined)
      log.info(`an agent reports figures of this host, for ${agent.app_name}: the hub leaves it to it`);
    this.#isOurs = agent === undefined;
    this.#nextLookMs = nowMs + LOOK_INTERVAL_MS;
    return this.#isOurs;
  }
}
