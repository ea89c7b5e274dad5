// stuck: what one reader that has stopped reading costs everyone else.
//
// 100 SSE readers at 2,000 events/s, twice: alone, and beside one more that connects and then leaves its socket unread for the
// whole time (60 s; 30 s with --quick). Compared are the growth of the hub's resident memory over the window and the others' p99.
// At the end the stuck one reads on; what it still gets is counted (it must be told a gap, which the hub's own tests look at).

import type { Bench, Scenario } from '../bench.ts';
import { measureLoad } from '../load.ts';
import { readProcess } from '../process-stats.ts';
import { startReaders } from '../readers/readers.ts';
import type { Row } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const READERS = 100;
const RATE = 2000;

const measure = (bench: Bench, stuckReaders: number): Promise<Row> =>
  withHub(bench, async (fed) => {
    const target = fed.target('sse');
    const stuck =
      stuckReaders > 0
        ? await startReaders(bench.native.readers, { ...target.connect, connections: stuckReaders, stuck: true })
        : undefined;
    const rss: number[] = [];
    const onSecond = (): void => void rss.push(readProcess(fed.hub.pid).rssBytes / 2 ** 20);
    const seconds = bench.quick ? 30 : 60;
    const result = await measureLoad({ ...bench, seconds }, target, { readers: READERS, rate: RATE, onSecond });
    await stuck?.command('read');
    const after = await stuck?.settled(Number.POSITIVE_INFINITY, 1000);
    await stuck?.child.stop();
    return {
      case: stuckReaders > 0 ? 'with a stuck reader' : 'without',
      ...result,
      rss_first_mb: rss[0],
      rss_growth_mb: rss.at(-1)! - rss[0]!,
      stuck_events: after?.events,
      stuck_closed: after && after.closed > 0 ? 'closed by the hub' : after && 'still open',
    };
  });

export const stuck: Scenario = {
  name: 'stuck',
  about: `100 SSE readers at 2,000 events/s, without and with one more that never reads: growth of resident memory, the others' p99.
No rival.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    const rows: Row[] = [];
    for (const readers of [0, 1]) {
      bench.say(`stuck: ${readers} of them`);
      rows.push(await measure(bench, readers));
    }
    const columns = [
      { key: 'case', label: 'run' },
      { key: 'window_s', label: 'seconds' },
      { key: 'rss_first_mb', label: 'RSS MB at start', digits: 1 },
      { key: 'rss_growth_mb', label: 'growth', digits: 1 },
      { key: 'peak_rss_mb', label: 'peak', digits: 1 },
      { key: 'p50_ms', label: 'p50 ms', digits: 1 },
      { key: 'p99_ms', label: 'p99 ms', digits: 1 },
      { key: 'max_ms', label: 'max ms', digits: 1 },
      { key: 'complete', label: 'all arrived' },
      { key: 'stuck_events', label: 'stuck got' },
      { key: 'stuck_closed', label: 'stuck one is' },
    ];
    return { tables: [{ title: 'one reader that does not read', columns, rows }], notes: [] };
  },
};
