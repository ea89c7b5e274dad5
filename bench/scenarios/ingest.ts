// ingest: how many events a second one hub takes from NATS without losing any.
//
// The publisher goes through rising rates for some seconds each, against one hub, store off, no readers. `messages_forwarded` of
// the hub's /metrics counts events in the ring; what it gained is compared with what the publisher sent. A rate is held when
// nothing is missing and the last event was in within a second after the publisher's end: else the hub only lives on the 64 MB
// that nats-server keeps for it. The hub, nats-server and the publisher share the machine's cores, as the columns show.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Scenario } from '../bench.ts';
import { readProcess } from '../process-stats.ts';
import { startPublisher } from '../publisher/publisher.ts';
import type { Row } from '../report.ts';
import { type FedHub, hubMissing, withHub } from '../targets.ts';

const RATES = [20_000, 50_000, 100_000, 150_000, 200_000, 250_000];
/** How long after the publisher's end the last event may come for the rate to count as held. */
const HELD_WITHIN_S = 1;
/** No progress for this long: what is missing is lost. */
const QUIET_MS = 3000;

async function measureRate(bench: Bench, { hub, nats, target }: FedHub, rate: number): Promise<Row> {
  await hub.ready(); // it may just have been cut off for being slow
  const seconds = bench.seconds;
  const before = await hub.messagesForwarded();
  const hubBefore = readProcess(hub.pid);
  const natsBefore = readProcess(nats.pid);
  const publisher = startPublisher(bench.native.publisher, target('sse').publishTo, { rate, seconds });
  const sent = await publisher.done;
  const ended = performance.now();
  const hubAfter = readProcess(hub.pid);
  const natsAfter = readProcess(nats.pid);
  let forwarded = (await hub.messagesForwarded()) - before;
  let changed = performance.now();
  while (forwarded < sent.sent && performance.now() - changed < QUIET_MS) {
    await sleep(20);
    const next = (await hub.messagesForwarded().catch(() => forwarded + before)) - before;
    if (next !== forwarded) changed = performance.now();
    forwarded = next;
  }
  const behindS = (changed - ended) / 1000;
  return {
    rate,
    sent: sent.sent,
    sent_per_s: sent.sent / sent.seconds,
    forwarded,
    lost: sent.sent - forwarded,
    behind_s: Math.max(0, behindS),
    held: forwarded === sent.sent && behindS <= HELD_WITHIN_S,
    hub_cores: (hubAfter.cpuS - hubBefore.cpuS) / sent.seconds,
    us_per_event: ((hubAfter.cpuS - hubBefore.cpuS) * 1e6) / sent.sent,
    nats_cores: (natsAfter.cpuS - natsBefore.cpuS) / sent.seconds,
    publisher_cores: sent.cpu_s / sent.seconds,
    rss_mb: hubAfter.rssBytes / 2 ** 20,
  };
}

export const ingest: Scenario = {
  name: 'ingest',
  about: `Rising rates into one hub over NATS, store off, no readers: messages_forwarded of /metrics against what was sent.
"held" means none lost and the last event in within a second of the publisher's end. No rival.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    const rows: Row[] = [];
    await withHub(bench, async (fed) => {
      for (const rate of bench.quick ? RATES.slice(0, 3) : RATES) {
        bench.say(`ingest: ${rate}/s`);
        rows.push(await measureRate(bench, fed, rate));
      }
    });
    const firstLost = rows.findIndex((row) => !row.held);
    const best = rows[firstLost === -1 ? rows.length - 1 : firstLost - 1];
    const columns = [
      { key: 'rate', label: 'events/s' },
      { key: 'sent_per_s', label: 'really sent/s' },
      { key: 'sent', label: 'sent' },
      { key: 'forwarded', label: 'forwarded' },
      { key: 'lost', label: 'lost' },
      { key: 'behind_s', label: 'behind s', digits: 2 },
      { key: 'held', label: 'held' },
      { key: 'hub_cores', label: 'hub cores', digits: 2 },
      { key: 'us_per_event', label: 'us/event', digits: 2 },
      { key: 'nats_cores', label: 'nats', digits: 2 },
      { key: 'publisher_cores', label: 'publisher', digits: 2 },
      { key: 'rss_mb', label: 'RSS MB', digits: 1 },
    ];
    const notes = [
      best ? `Highest rate held: ${Number(best.rate).toLocaleString('en-US')} events/s.` : 'No rate was held.',
    ];
    return { tables: [{ title: 'NATS ingest, one hub', columns, rows }], notes };
  },
};
