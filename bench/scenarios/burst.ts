// burst: does a reader that reads get everything, also when it comes all at once?
//
// 100,000 events as fast as nats-server takes them, to one SSE and one WebSocket reader of the hub and, on the same nats-server
// at the same time, to one reader of its own WebSocket. Every event is counted and every sequence number looked at.

import type { Scenario } from '../bench.ts';
import { startPublisher } from '../publisher/publisher.ts';
import { startReaders } from '../readers/readers.ts';
import type { Row } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const EVENTS = 100_000;
/** No event for this long: then what is missing is lost. */
const QUIET_MS = 5000;

export const burst: Scenario = {
  name: 'burst',
  about: `100,000 events as fast as nats-server takes them, to one SSE and one WebSocket reader at once: all of them must arrive.
Rival: a reader of nats-server's own WebSocket beside them. "all after" is from the first write to the last read.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    bench.say(`burst: ${EVENTS} events`);
    const rows = await withHub(bench, async ({ nats, target }): Promise<Row[]> => {
      const { user, password } = nats;
      const kinds = [
        { name: 'flywatch sse', connect: target('sse').connect },
        { name: 'flywatch ws', connect: target('ws').connect },
        {
          name: 'nats-server ws',
          connect: { mode: 'natsws' as const, port: nats.websocketPort, paths: ['/'], user, password },
        },
      ];
      const started = await Promise.all(
        kinds.map(async ({ name, connect }) => ({
          name,
          readers: await startReaders(bench.native.readers, { ...connect, connections: 1 }),
        })),
      );
      const begun = performance.now();
      const publisher = startPublisher(bench.native.publisher, target('sse').publishTo, { count: EVENTS });
      const rows = await Promise.all(
        started.map(async ({ name, readers }): Promise<Row> => {
          const settled = await readers.settled(EVENTS, QUIET_MS);
          const seconds = (performance.now() - begun) / 1000;
          const report = await readers.stop();
          const complete = report.events === EVENTS && report.gaps === 0 && report.repeats === 0;
          return {
            server: name,
            arrived: report.events,
            gaps: report.gaps,
            repeats: report.repeats,
            complete,
            all_after_s: settled.events === EVENTS ? seconds : undefined,
            p50_ms: report.latency_ms.p50,
            max_ms: report.latency_ms.max,
          };
        }),
      );
      const sent = await publisher.done;
      return rows.map((row) => ({ ...row, sent: sent.sent, sent_per_s: sent.sent / sent.seconds }));
    });
    const columns = [
      { key: 'server', label: 'server' },
      { key: 'sent', label: 'sent' },
      { key: 'sent_per_s', label: 'sent/s' },
      { key: 'arrived', label: 'arrived' },
      { key: 'gaps', label: 'missing' },
      { key: 'repeats', label: 'repeated' },
      { key: 'complete', label: 'all arrived' },
      { key: 'all_after_s', label: 'all after s', digits: 2 },
      { key: 'p50_ms', label: 'p50 ms', digits: 1 },
      { key: 'max_ms', label: 'max ms', digits: 1 },
    ];
    return { tables: [{ title: `a burst of ${EVENTS} events`, columns, rows }], notes: [] };
  },
};
