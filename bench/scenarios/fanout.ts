// fanout: what it costs to hand every event to every reader.
//
// 500 readers x 2,000 events/s and 1,000 x 1,000: both are 1,000,000 deliveries/s. Each server is started fresh, gets the same
// events from the same publisher and the same reader program, one server after the other; with --rounds the whole turn is
// repeated and the median of each server counts. "CPU us" is CPU time (user and system) of the server's processes per
// delivery that a reader counted; 1 us per delivery is 1 second per million. For Flywatch that is the hub's process alone:
// the nats-server that feeds it is "feeder". Latency is from the publisher's write to the reader's read, on 50 connections.
// "irq" is the kernel's work on nobody's account, "others" what else the machine did. Look at it first: a server that gets less
// of the machine writes more at once, so it looks cheaper and slower (nats-server on two cores: 1.44 us at p50 30 ms alone, 0.89 us
// at 60 ms beside one busy loop). Cost and latency belong together.
// The rival is nats-server's own WebSocket: the leanest way to give browsers such a bus without Flywatch.

import type { Bench, Scenario } from '../bench.ts';
import { type LoadResult, measureLoad } from '../load.ts';
import type { Row, Table } from '../report.ts';
import { fanoutRivals, type Rival } from '../targets.ts';

const LOADS = [
  { readers: 500, rate: 2000 },
  { readers: 1000, rate: 1000 },
];

const REFERENCE = 'nats-server ws';

const COLUMNS = [
  { key: 'target', label: 'server' },
  { key: 'cpu_us_per_delivery', label: 'CPU us/delivery', digits: 3 },
  { key: 'ratio', label: 'to nats', digits: 2 },
  { key: 'cores', label: 'cores', digits: 2 },
  { key: 'feeder_cores', label: 'feeder', digits: 2 },
  { key: 'readers_cores', label: 'readers', digits: 2 },
  { key: 'interrupts_cores', label: 'irq', digits: 2 },
  { key: 'others_cores', label: 'others', digits: 2 },
  { key: 'delivered_per_s', label: 'delivered/s' },
  { key: 'complete', label: 'all arrived' },
  { key: 'p50_ms', label: 'p50 ms', digits: 1 },
  { key: 'p99_ms', label: 'p99 ms', digits: 1 },
  { key: 'max_ms', label: 'max ms', digits: 1 },
  { key: 'peak_rss_mb', label: 'RSS MB', digits: 1 },
];

/** The run whose cost lies in the middle stands for all of them. */
function median(results: LoadResult[]): LoadResult {
  const sorted = [...results].sort((a, b) => a.cpu_us_per_delivery - b.cpu_us_per_delivery);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

async function measureTable(
  bench: Bench,
  rivals: Rival[],
  load: (typeof LOADS)[number],
  notes: string[],
): Promise<Table> {
  const results = new Map<string, LoadResult[]>();
  for (let round = 0; round < bench.rounds; round++) {
    for (const rival of rivals) {
      bench.say(`${rival.name}: ${load.readers} readers x ${load.rate}/s`);
      try {
        const result = await rival.with((target) => measureLoad(bench, target, load));
        results.set(rival.name, [...(results.get(rival.name) ?? []), result]);
      } catch (error) {
        // One server that gives up under the load is a result as well; the others still count.
        notes.push(
          `${rival.name} at ${load.readers} x ${load.rate}/s: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  }
  const medians = [...results.values()].map(median);
  const reference = medians.find((result) => result.target === REFERENCE)?.cpu_us_per_delivery;
  for (const result of medians) {
    if (result.sent_per_s < load.rate * 0.98) {
      notes.push(
        `${result.target} at ${load.readers} x ${load.rate}/s held the publisher back to ${Math.round(result.sent_per_s)} events/s; its latencies are those of an overloaded server.`,
      );
    }
    if (result.complete) continue;
    const lost = result.expected === undefined ? '' : ` of ${result.expected}`;
    notes.push(
      `${result.target} at ${load.readers} x ${load.rate}/s: ${result.delivered}${lost} arrived, ${result.closed} connections were closed by the server.`,
    );
  }
  return {
    title: `${load.readers} readers x ${load.rate} events/s`,
    columns: COLUMNS,
    rows: medians.map((result): Row => ({ ...result, ratio: reference && result.cpu_us_per_delivery / reference })),
  };
}

export const fanout: Scenario = {
  name: 'fanout',
  about: `CPU time of the server per delivery, latency from publish to read, resident memory; every event to every reader.
Each server fresh, same events, same reader program, one after the other. Rivals: nats-server's own WebSocket, nginx with nchan.
In cores: "feeder" is the nats-server in front of the hub, "readers" the reader program, "irq" interrupts, "others" what is not of
the bench: rows with much of it look cheaper and slower than they are.`,
  async run(bench) {
    const all = fanoutRivals(bench);
    const notes = [...new Set(all.flatMap((rival) => rival.missing ?? []))];
    const rivals = all.filter((rival) => rival.missing === undefined);
    const tables: Table[] = [];
    for (const load of LOADS) tables.push(await measureTable(bench, rivals, load, notes));
    return { tables, notes };
  },
};
