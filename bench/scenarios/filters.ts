// filters: what filters cost the hub, and whether equal ones share their evaluation.
//
// 500 SSE readers at 2,000 events/s. Each filter lets exactly a tenth of the events through (`w3 -zz17`: one of the ten words that the
// publisher deals out, and a word that never comes, which makes filters different without changing what they let through), so all rows
// but the first deliver the same 100,000 events/s. "no filter" at 200 events/s delivers as many: the difference in cores to it is
// what ingest of ten times the events and the filters cost together; the difference between 1 and 500 filters is what each
// evaluation costs ("ns/evaluation"). "500 mixed" has the kinds that people type: levels, apps, fields, phrases, numbers.

import type { Bench, Scenario } from '../bench.ts';
import { type LoadResult, measureLoad } from '../load.ts';
import type { PublisherReport } from '../publisher/publisher.ts';
import type { Row } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const READERS = 500;
const RATE = 2000;
const WORDS = 10;

const query = (filter: string): string => `?q=${encodeURIComponent(filter)}`;

/** `count` different filters of the same selectivity, of the words w0 to w9 in turn. */
const tenths = (count: number): string[] => Array.from({ length: count }, (_, i) => `w${i % WORDS} -zz${i}`);

const mixed = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => {
    const kinds = [
      `level:error -user${i}`,
      `app:shop-api w${i % WORDS} -zz${i}`,
      `user:${10000 + i}`,
      `"order accepted" or "payment refused" -zz${i}`,
      `status:>=${400 + (i % 100)} app:shop-w*`,
      `(timeout or refused or expired) region:fra -zz${i}`,
    ];
    return kinds[i % kinds.length]!;
  });

/** Reader i has filter i mod n, and that lets the events of one word through. */
const expectedOfTenths = (filters: number, sent: PublisherReport): number =>
  Array.from({ length: READERS }, (_, i) => sent.by_word[(i % filters) % WORDS]!).reduce((sum, n) => sum + n, 0);

interface Case {
  name: string;
  filters: string[];
  rate: number;
  expected: (sent: PublisherReport) => number | undefined;
}

const CASES: Case[] = [
  { name: 'no filter, 200/s', filters: [], rate: RATE / WORDS, expected: (sent) => sent.sent * READERS },
  ...[1, 10, 500].map((n) => ({
    name: `${n} filter${n > 1 ? 's' : ''}`,
    filters: tenths(n),
    rate: RATE,
    expected: (sent: PublisherReport) => expectedOfTenths(n, sent),
  })),
  { name: '500 mixed', filters: mixed(500), rate: RATE, expected: () => undefined },
];

const measureCase = (bench: Bench, { filters, rate, expected }: Case): Promise<LoadResult> =>
  withHub(bench, (fed) =>
    measureLoad(bench, fed.target('sse', filters.length > 0 ? filters.map(query) : ['']), {
      readers: READERS,
      rate,
      expected,
    }),
  );

export const filters: Scenario = {
  name: 'filters',
  about: `500 SSE readers at 2,000 events/s with 1, 10 and 500 different filters (q=), each of which lets exactly a tenth through.
"no filter, 200/s" delivers the same number of events. No rival: nats-server filters by subject only.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    const rows: Row[] = [];
    let oneFilter: LoadResult | undefined;
    for (const one of CASES) {
      bench.say(`filters: ${one.name}`);
      const result = await measureCase(bench, one);
      if (one.filters.length === 1) oneFilter = result;
      const evaluations = (one.filters.length - 1) * one.rate;
      rows.push({
        case: one.name,
        ...result,
        ns_per_evaluation:
          oneFilter && one.filters.length > 1 ? ((result.cores - oneFilter.cores) * 1e9) / evaluations : undefined,
      });
    }
    const columns = [
      { key: 'case', label: 'filters' },
      { key: 'rate', label: 'events/s' },
      { key: 'cores', label: 'cores', digits: 2 },
      { key: 'ns_per_evaluation', label: 'ns/evaluation' },
      { key: 'delivered_per_s', label: 'delivered/s' },
      { key: 'complete', label: 'all arrived' },
      { key: 'p50_ms', label: 'p50 ms', digits: 1 },
      { key: 'p99_ms', label: 'p99 ms', digits: 1 },
      { key: 'peak_rss_mb', label: 'RSS MB', digits: 1 },
    ];
    return { tables: [{ title: '500 SSE readers with filters', columns, rows }], notes: [] };
  },
};
