// idle-readers: what a reader costs that only waits.
//
// A fresh hub without events; resident memory with 500 readers and with 1,500, some seconds after the last has connected (the
// median of several looks, since a garbage collector makes it jump). The difference, divided by 1,000, is one reader: the first
// 500 have paid for what is only needed once. Memory of the kernel's sockets is not in it. First SSE, then WebSocket.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Scenario } from '../bench.ts';
import { readProcess } from '../process-stats.ts';
import { startReaders } from '../readers/readers.ts';
import type { Row } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const FEW = 500;
const MANY = 1500;
const LOOKS = 9;

async function settledRss(bench: Bench, pid: number): Promise<number> {
  await sleep(bench.quick ? 1000 : 5000);
  const looks: number[] = [];
  for (let i = 0; i < LOOKS; i++) {
    looks.push(readProcess(pid).rssBytes);
    await sleep(200);
  }
  return looks.sort((a, b) => a - b)[Math.floor(LOOKS / 2)]!;
}

const measure = (bench: Bench, mode: 'sse' | 'ws'): Promise<Row> =>
  withHub(bench, async ({ hub, target }) => {
    const connect = target(mode).connect;
    const none = await settledRss(bench, hub.pid);
    const first = await startReaders(bench.native.readers, { ...connect, connections: FEW });
    const few = await settledRss(bench, hub.pid);
    const rest = await startReaders(bench.native.readers, { ...connect, connections: MANY - FEW });
    const many = await settledRss(bench, hub.pid);
    const closed = (await first.stop()).closed + (await rest.stop()).closed;
    return {
      mode,
      none_mb: none / 2 ** 20,
      few_mb: few / 2 ** 20,
      many_mb: many / 2 ** 20,
      bytes_per_reader: (many - few) / (MANY - FEW),
      closed,
    };
  });

export const idleReaders: Scenario = {
  name: 'idle-readers',
  about: `Resident memory of a hub without events at 0, 500 and 1,500 idle readers; bytes per reader between 500 and 1,500.
Median of ${LOOKS} looks, some seconds after the last connection. No rival.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    const rows: Row[] = [];
    for (const mode of ['sse', 'ws'] as const) {
      bench.say(`idle-readers: ${mode}`);
      rows.push(await measure(bench, mode));
    }
    const columns = [
      { key: 'mode', label: 'readers' },
      { key: 'none_mb', label: 'RSS MB at 0', digits: 1 },
      { key: 'few_mb', label: `at ${FEW}`, digits: 1 },
      { key: 'many_mb', label: `at ${MANY}`, digits: 1 },
      { key: 'bytes_per_reader', label: 'bytes/reader' },
      { key: 'closed', label: 'closed' },
    ];
    return { tables: [{ title: 'idle readers', columns, rows }], notes: [] };
  },
};
