// One measurement: readers on a server, a steady load, a warm-up, then a window in which CPU, deliveries and latencies are taken.
//
//   readers ready ─ publisher starts ─ warm-up ─┤ window ├─ publisher ends ─ wait for what is under way ─ totals
//
// CPU and memory are the server's own process tree. What feeds it (nats-server in front of the hub) is read beside it and
// reported apart. Deliveries are what the readers counted in the window, so a server that falls behind is not flattered; whether
// all arrived is judged over the whole run.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { readMachine, readProcess, resetPeak } from './process-stats.ts';
import { type PublisherReport, type PublishTo, startPublisher } from './publisher/publisher.ts';
import { type ReadersOptions, startReaders } from './readers/readers.ts';

/** The publisher goes on for this long after the window, so that its end is not in it. */
const TAIL_S = 0.5;

export interface Target {
  name: string;
  pid: number;
  /** The process that brings the events, if it is another one. */
  feederPid?: number;
  publishTo: PublishTo;
  connect: Omit<ReadersOptions, 'connections'>;
}

export interface LoadOptions {
  readers: number;
  rate: number;
  /** Events that must have arrived in all, from what was sent. @defaultValue every event at every reader */
  expected?: (sent: PublisherReport) => number | undefined;
  /** Called about each second of the window. */
  onSecond?: () => void;
}

/** Plain figures under the names that the JSON results carry. */
export interface LoadResult {
  target: string;
  readers: number;
  rate: number;
  /** What the publisher got through; less than `rate` where the server slows it down. */
  sent_per_s: number;
  window_s: number;
  /** Deliveries a second in the window. */
  delivered_per_s: number;
  delivered: number;
  expected: number | undefined;
  complete: boolean | undefined;
  /** Sampled connections saw a number twice, or out of order. */
  repeats: number;
  closed: number;
  cpu_us_per_delivery: number;
  cores: number;
  feeder_cores: number | undefined;
  readers_cores: number;
  publisher_cores: number;
  /** Interrupts: on loopback the reader's side of TCP, on nobody's account. */
  interrupts_cores: number;
  /** All that does not belong to the bench, and what the host took: above 0.1 the row is not to be trusted. */
  others_cores: number;
  publisher_late_ms: number;
  p50_ms: number;
  p90_ms: number;
  p99_ms: number;
  max_ms: number;
  rss_mb: number;
  peak_rss_mb: number;
}

const MB = 2 ** 20;

export async function measureLoad(bench: Bench, target: Target, options: LoadOptions): Promise<LoadResult> {
  const { readers: count, rate } = options;
  const readers = await startReaders(bench.native.readers, { ...target.connect, connections: count });
  try {
    await sleep(300); // whatever a server does after so many connections, it has done
    const seconds = bench.warmupS + bench.seconds + TAIL_S;
    const publisher = startPublisher(bench.native.publisher, target.publishTo, { rate, seconds });
    await sleep(bench.warmupS * 1000);

    resetPeak(target.pid);
    await readers.command('start');
    const machineBefore = readMachine();
    const before = readProcess(target.pid);
    const publisherBefore = readProcess(publisher.child.pid);
    const feederBefore = target.feederPid === undefined ? undefined : readProcess(target.feederPid);
    for (let second = 0; second < bench.seconds; second++) {
      await sleep(Math.min(1, bench.seconds - second) * 1000);
      options.onSecond?.();
    }
    const { window, latency_ms: latency } = await readers.command('stop');
    const after = readProcess(target.pid);
    const feederAfter = target.feederPid === undefined ? undefined : readProcess(target.feederPid);
    const publisherAfter = readProcess(publisher.child.pid);
    const machineAfter = readMachine();

    const sent = await publisher.done;
    const expected = options.expected ? options.expected(sent) : sent.sent * count;
    await readers.settled(expected ?? Number.POSITIVE_INFINITY);
    const total = await readers.stop();
    const cpuS = after.cpuS - before.cpuS;
    const feederS = feederBefore && feederAfter ? feederAfter.cpuS - feederBefore.cpuS : undefined;
    const publisherS = publisherAfter.cpuS - publisherBefore.cpuS;
    const stolenS = machineAfter.stolenS - machineBefore.stolenS;
    const othersS =
      machineAfter.processesS - machineBefore.processesS - cpuS - (feederS ?? 0) - publisherS - window.cpu_s + stolenS;
    return {
      target: target.name,
      readers: count,
      rate,
      sent_per_s: sent.sent / sent.seconds,
      window_s: window.seconds,
      delivered_per_s: window.events / window.seconds,
      delivered: total.events,
      expected,
      complete: expected === undefined ? undefined : total.events === expected,
      repeats: total.repeats,
      closed: total.closed,
      cpu_us_per_delivery: (cpuS * 1e6) / window.events,
      cores: cpuS / window.seconds,
      feeder_cores: feederS === undefined ? undefined : feederS / window.seconds,
      readers_cores: window.cpu_s / window.seconds,
      publisher_cores: publisherS / window.seconds,
      interrupts_cores: (machineAfter.interruptsS - machineBefore.interruptsS) / window.seconds,
      others_cores: Math.max(0, othersS) / window.seconds,
      publisher_late_ms: sent.late_ms,
      p50_ms: latency.p50,
      p90_ms: latency.p90,
      p99_ms: latency.p99,
      max_ms: latency.max,
      rss_mb: after.rssBytes / MB,
      peak_rss_mb: after.peakRssBytes / MB,
    };
  } finally {
    await readers.child.stop();
  }
}
