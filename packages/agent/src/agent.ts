/**
 * The agent as a whole, in the order of the data: figures and checks become rows, log files become batches of lines, and one
 * output takes all of them to a hub or into a database.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import manifest from '../package.json' with { type: 'json' };
import type { CheckResult, CheckState } from './checks/check.ts';
import { checkRow } from './checks/check-row.ts';
import { CheckRunner } from './checks/check-runner.ts';
import { HostCollector } from './collectors/host-collector.ts';
import { metricsRow } from './collectors/metrics-row.ts';
import type { AgentConfig, Output } from './config/agent-config.ts';
import { createDelivery, type Delivery, type DeliveryStatus } from './delivery/delivery.ts';
import { RowSender, type RowStatus } from './rows/row-sender.ts';
import { type OwnResources, ownResources } from './status/own-resources.ts';
import { StatusSocket } from './status/status-socket.ts';
import { JournalTail, type JournalTailStatus } from './tail/journal-tail.ts';
import { LogTail, type LogTailStatus } from './tail/log-tail.ts';

/** The first figures come this long after the start, since rates need two readings: a host is seen within seconds. */
const FIRST_FIGURES_MS = 1000;

/** How long one round by hand waits for log files to be read to their ends. */
const CATCH_UP_MS = 30_000;
const CATCH_UP_POLL_MS = 50;

/** Told with each report, so that a hub can say which of its agents are old. */
const { version: VERSION } = manifest;

export interface AgentOptions {
  readonly config: AgentConfig;
  /** Folder of this agent alone; made where it is missing. */
  readonly stateDir: string;
  /** Told what a person should know, a sentence each. */
  readonly warn: (message: string) => void;
}

export interface AgentStatus {
  readonly vpsName: string;
  readonly appName: string;
  readonly own: OwnResources;
  readonly output: DeliveryStatus & { readonly kind: Output['kind'] };
  readonly logs: LogTailStatus;
  readonly journals: readonly JournalTailStatus[];
  readonly metrics: RowStatus;
  readonly checks: RowStatus;
  readonly checkStates: readonly { readonly app: string; readonly url: string; readonly state: CheckState }[];
}

export class Agent {
  readonly #config: AgentConfig;
  readonly #stateDir: string;
  readonly #collector: HostCollector;
  readonly #delivery: Delivery;
  readonly #metrics: RowSender;
  readonly #checks: RowSender;
  readonly #runner: CheckRunner;
  readonly #tail: LogTail;
  readonly #journals: readonly JournalTail[];
  readonly #socket: StatusSocket;
  readonly #states = new Map<CheckResult['spec'], CheckState>();
  #timer: NodeJS.Timeout | undefined;
  #stopped: Promise<void> | undefined;

  constructor({ config, stateDir, warn }: AgentOptions) {
    const { output, vpsName, apps } = config;
    this.#config = config;
    this.#stateDir = stateDir;
    this.#collector = new HostCollector({
      onProblem: (name, error) => warn(`figures of ${name} cannot be had: ${error}`),
    });
    this.#delivery = createDelivery(output, { warn });
    const agent = `${vpsName}-${config.appName}`;
    const sender = (kind: 'metrics' | 'checks') =>
      new RowSender({
        kind,
        sink: this.#delivery,
        agent: `${agent}-${kind}`,
        spoolFile: join(stateDir, `${kind}.spool`),
        warn,
      });
    this.#metrics = sender('metrics');
    this.#checks = sender('checks');
    const checks = apps.flatMap((app) => app.checks);
    this.#runner = new CheckRunner({ checks, host: vpsName, onResult: (result) => this.#take(result) });
    const files = apps.flatMap(({ name, logFiles }) =>
      logFiles.map((pattern) => ({ pattern, app: name, host: vpsName })),
    );
    this.#tail = new LogTail({
      settings: { agent, stateDir, files },
      sink: this.#delivery,
      warn,
    });
    this.#journals = apps
      .filter(({ journalUnits }) => journalUnits.length > 0)
      .map(({ name, journalUnits }) => {
        const units = journalUnits.includes('*') ? [] : journalUnits;
        const state = join(stateDir, 'journal', name);
        const settings = { agent: `${agent}-journal-${name}`, stateDir: state, app: name, host: vpsName, units };
        return new JournalTail({ settings, sink: this.#delivery, warn });
      });
    this.#socket = new StatusSocket(stateDir, () => this.status());
  }

  async start(): Promise<void> {
    await this.#open();
    for (const journal of this.#journals) journal.start();
    this.#runner.start();
    this.#timer = setTimeout(() => void this.#collect(this.#config.collectionIntervalMs), FIRST_FIGURES_MS);
  }

  /** One round: figures, every check, and what the log files have; a journal has no end to wait for. Resolves when the other side has all of it. */
  async once(): Promise<void> {
    await this.#open();
    const [results] = await Promise.all([this.#runner.runOnce(), sleep(FIRST_FIGURES_MS)]);
    for (const result of results) this.#take(result);
    await this.#collect(undefined);
    await Promise.all([this.#metrics.idle(), this.#checks.idle(), this.#caughtUp()]);
  }

  /** May be called twice. What is on its way has a moment to be acknowledged. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  status(): AgentStatus {
    return {
      vpsName: this.#config.vpsName,
      appName: this.#config.appName,
      own: ownResources(),
      output: { kind: this.#config.output.kind, ...this.#delivery.status },
      logs: this.#tail.status(),
      journals: this.#journals.map((journal) => journal.status()),
      metrics: this.#metrics.status,
      checks: this.#checks.status,
      checkStates: [...this.#states].map(([{ app, url }, state]) => ({ app, url, state })),
    };
  }

  async #open(): Promise<void> {
    mkdirSync(this.#stateDir, { recursive: true, mode: 0o700 });
    await this.#socket.start();
    await this.#collector.collect();
    this.#metrics.start();
    this.#checks.start();
    await this.#tail.start();
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#runner.stop();
    const journals = this.#journals.map((journal) => journal.stop());
    await Promise.all([...journals, this.#tail.stop(), this.#metrics.stop(), this.#checks.stop()]);
    this.#delivery.close();
    this.#socket.stop();
  }

  /** Takes figures, and comes again after the interval where there is one. */
  async #collect(intervalMs: number | undefined): Promise<void> {
    // Armed first: a collector that takes long delays no later one.
    if (intervalMs !== undefined) this.#timer = setTimeout(() => void this.#collect(intervalMs), intervalMs);
    const { vpsName, appName } = this.#config;
    const atMs = Date.now();
    const row = metricsRow(await this.#collector.collect(), { atMs, vpsName, appName });
    this.#metrics.add({ ...row, interval_seconds: this.#config.collectionIntervalMs / 1000, agent_version: VERSION });
  }

  #take(result: CheckResult): void {
    this.#states.set(result.spec, result.state);
    this.#checks.add(checkRow(result, this.#config.vpsName));
  }

  async #caughtUp(): Promise<void> {
    const deadlineMs = performance.now() + CATCH_UP_MS;
    while (this.#tail.status().files.some(({ lagBytes }) => lagBytes > 0) && performance.now() < deadlineMs) {
      await sleep(CATCH_UP_POLL_MS);
    }
  }
}
