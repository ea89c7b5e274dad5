/**
 * A run: two hubs and a bus, the targets one after the other, and after each of them a look at what must hold whatever was
 * sent: the processes live, `/health` answers at once, memory is bounded, and no reader, socket or fault is left behind.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { NATS_PASSWORD, NATS_USER, startNatsServer } from '../support/nats-server.ts';
import { Tally } from './tally.ts';
import type { FuzzContext, Target } from './target.ts';
import { Watchdog } from './watchdog.ts';
import { WatchedHub } from './watched-hub.ts';

/** Resident memory that a hub may reach: the limits on bodies in flight, on what waits for the disk, ring and readers, and what three threads of Node need themselves. */
const MAX_RSS_MB = 640;

/** How long a hub may hold sockets of clients that are gone. */
const CLEAN_UP_MS = 10_000;

const TOKEN = 'a-token-that-no-case-has';

export interface TargetReport {
  readonly tally: Tally;
  readonly seconds: number;
  readonly slowestHealthMs: number;
  readonly peakRssMb: number | undefined;
}

export interface CampaignOptions {
  readonly targets: readonly Target[];
  readonly cases: number;
  readonly seed: string;
  readonly onReport?: (report: TargetReport) => void;
}

export async function runCampaign({ targets, cases, seed, onReport }: CampaignOptions): Promise<TargetReport[]> {
  await using nats = await startNatsServer();
  await using open = await WatchedHub.start({
    NATS_URL: nats.url,
    FLY_ORG: NATS_USER,
    ACCESS_TOKEN: NATS_PASSWORD,
    FLY_APP: '*',
  });
  await using guarded = await WatchedHub.start({ AUTH_TOKEN: TOKEN });
  const hubs = { open, guarded };
  const dogs = [open, guarded].map(({ port, pid }) => new Watchdog(port, pid));
  try {
    await untilConnected(open);
    const total = targets.reduce((sum, { share }) => sum + share, 0);
    const reports: TargetReport[] = [];
    for (const target of targets) {
      const tally = new Tally(target.name);
      const baseline = { open: open.sockets, guarded: guarded.sockets };
      const faults = { open: open.faults.length, guarded: guarded.faults.length };
      const start = performance.now();
      const context: FuzzContext = {
        seed,
        cases: Math.round((cases * target.share) / total),
        ...hubs,
        natsPort: nats.port,
        tally,
      };
      await target.run(context).catch((error: Error) => tally.finding(error.stack ?? error.message));
      const seconds = (performance.now() - start) / 1000;
      let slowestHealthMs = 0;
      for (const name of ['open', 'guarded'] as const) {
        const hub = hubs[name];
        const fail = (what: string) => tally.finding(`the ${name} hub: ${what}`);
        if (!hub.isAlive) {
          fail(`has ended:\n${hub.faults.slice(-20).join('\n')}`);
          continue;
        }
        await checkLeftovers(hub, baseline[name], name === 'guarded' ? TOKEN : undefined, fail);
        for (const line of hub.faults.slice(faults[name])) fail(`logged ${line}`);
        const peak = hub.peakRssMb ?? 0;
        if (peak > MAX_RSS_MB) fail(`${peak} MB resident at the most, over ${MAX_RSS_MB}`);
      }
      for (const dog of dogs) {
        const { slowestMs, failures } = await dog.report();
        slowestHealthMs = Math.max(slowestHealthMs, slowestMs);
        for (const failure of failures) tally.finding(failure);
      }
      const report = { tally, seconds, slowestHealthMs, peakRssMb: open.peakRssMb };
      reports.push(report);
      onReport?.(report);
      if (!open.isAlive || !guarded.isAlive) break;
    }
    return reports;
  } finally {
    await Promise.all(dogs.map((dog) => dog.stop()));
  }
}

async function untilConnected(hub: WatchedHub): Promise<void> {
  const deadline = performance.now() + 30_000;
  while ((await hub.getJson('/health')).nats_connected !== true) {
    if (performance.now() > deadline) throw new Error('the hub did not connect to the bus');
    await pause(20);
  }
}

/** Readers are gone, and so are the sockets; those of this check and of the watchdog come and go. */
async function checkLeftovers(
  hub: WatchedHub,
  baseline: number | undefined,
  token: string | undefined,
  fail: (what: string) => void,
): Promise<void> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const deadline = performance.now() + CLEAN_UP_MS;
  for (;;) {
    const metrics = await hub.getJson('/metrics', headers);
    const left = GAUGES.filter((name) => metrics[name] !== 0).map((name) => `${name}=${metrics[name]}`);
    const sockets = hub.sockets;
    if (baseline !== undefined && sockets !== undefined && sockets > baseline + 2)
      left.push(`${sockets - baseline} sockets`);
    if (left.length === 0) return;
    if (performance.now() > deadline) return fail(`left behind: ${left.join(', ')}`);
    await pause(100);
  }
}

const GAUGES = ['active_sse_connections', 'active_ws_connections', 'readers_blocked'];
