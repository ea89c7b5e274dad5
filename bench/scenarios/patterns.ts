// patterns: are lines of one statement one pattern, and what does it take to group them?
//
// First the grouping accuracy on lines whose statements are known (bench/patterns/sets.ts), beside Drain with the settings that its authors
// published for each set (bench/patterns/drain.ts); ours has none. Then both over the same lines, varied, one by one in this process:
// lines a second of one core. Last `/logs/patterns` of a hub over two million events (--quick: 200,000), asked six times.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Scenario } from '../bench.ts';
import { startChild } from '../child.ts';
import { drain } from '../patterns/drain.ts';
import { minedGroups } from '../patterns/mined-groups.ts';
import { groupingAccuracy, readSets } from '../patterns/sets.ts';
import { readProcess } from '../process-stats.ts';
import type { Row, ScenarioResult } from '../report.ts';
import { generate, readSystems } from '../store/lines.ts';
import { hubMissing, withHub } from '../targets.ts';

const EVENTS = 2_000_000;
const QUICK_EVENTS = 200_000;
const LINES = 200_000;
const ASKED = 6;

function judge(): { rows: Row[]; from: string } {
  const { sets, from } = readSets();
  const rows: Row[] = sets.map(({ name, lines, publishedDrain }) => {
    const texts = lines.map(({ text }) => text);
    const groups = minedGroups(texts);
    return {
      set: name,
      ours: groupingAccuracy(lines, groups),
      drain: groupingAccuracy(lines, drain(name, texts)),
      ...(publishedDrain === undefined ? undefined : { published: publishedDrain }),
      patterns: new Set(groups).size,
      statements: new Set(lines.map(({ statement }) => statement)).size,
    };
  });
  const mean = (key: string) => rows.reduce((sum, row) => sum + Number(row[key]), 0) / rows.length;
  rows.push({ set: 'mean', ours: mean('ours'), drain: mean('drain') });
  return { rows, from };
}

function race(): Row[] {
  const { systems } = readSystems();
  const [messages = []] = generate(systems, LINES);
  const lines = messages.map(({ payload }) => (JSON.parse(payload.toString()) as { message: string }).message);
  return [
    { name: 'flywatch', run: () => new Set(minedGroups(lines)).size },
    { name: 'Drain', run: () => new Set(drain('', lines)).size },
  ].map(({ name, run }) => {
    const before = process.cpuUsage();
    const groups = run();
    const { user, system } = process.cpuUsage(before);
    return { name, lines_s: (LINES * 1e6) / (user + system), groups };
  });
}

async function ask(bench: Bench, events: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-patterns-'));
  try {
    const file = join(folder, 'flywatch.db');
    const writer = startChild({
      name: 'store flywatch',
      command: process.execPath,
      args: [join(import.meta.dirname, '../store/ingest.ts'), 'flywatch', file, String(events)],
      env: process.env.LOGHUB_DIR === undefined ? {} : { LOGHUB_DIR: process.env.LOGHUB_DIR },
    });
    await writer.nextLine(600_000);
    return await withHub(
      bench,
      async ({ hub }) => {
        const times: number[] = [];
        let answer: { found: number; events: number } | undefined;
        for (let i = 0; i < ASKED; i++) {
          const before = performance.now();
          const response = await fetch(`http://127.0.0.1:${hub.port}/logs/patterns`);
          if (!response.ok) throw new Error(`/logs/patterns: ${response.status} ${await response.text()}`);
          answer = (await response.json()) as { found: number; events: number };
          times.push(performance.now() - before);
        }
        const later = times.slice(1).sort((a, b) => a - b);
        return [
          {
            events,
            looked_at: answer!.events,
            found: answer!.found,
            first_ms: times[0]!,
            median_ms: later[later.length >> 1]!,
            peak_rss_mb: readProcess(hub.pid).peakRssBytes / 2 ** 20,
          },
        ];
      },
      { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, LOG_RETENTION_DAYS: '36500' },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(bench: Bench): Promise<ScenarioResult> {
  bench.say('patterns: grouping lines whose statements are known');
  const { rows, from } = judge();
  bench.say(`patterns: grouping ${LINES} lines one by one`);
  const speed = race();
  const missing = hubMissing(bench);
  const events = bench.quick ? QUICK_EVENTS : EVENTS;
  bench.say(`patterns: asking a hub over ${events} events`);
  const asked = missing === undefined ? await ask(bench, events) : [];
  return {
    tables: [
      {
        title: 'grouping accuracy',
        columns: [
          { key: 'set', label: 'lines of' },
          { key: 'ours', label: 'flywatch', digits: 4 },
          { key: 'drain', label: 'Drain', digits: 4 },
          { key: 'published', label: 'Drain as published', digits: 3 },
          { key: 'patterns', label: 'patterns' },
          { key: 'statements', label: 'statements' },
        ],
        rows,
      },
      {
        title: `${LINES} lines, one by one, in one process`,
        columns: [
          { key: 'name', label: 'miner' },
          { key: 'lines_s', label: 'lines/s of one core' },
          { key: 'groups', label: 'groups' },
        ],
        rows: speed,
      },
      {
        title: '/logs/patterns over everything',
        columns: [
          { key: 'events', label: 'events' },
          { key: 'looked_at', label: 'looked at' },
          { key: 'found', label: 'patterns' },
          { key: 'first_ms', label: 'first ms' },
          { key: 'median_ms', label: 'median ms' },
          { key: 'peak_rss_mb', label: 'peak MB' },
        ],
        rows: asked,
      },
    ],
    notes: [`Lines from ${from}.`, ...(missing === undefined ? [] : [missing])],
  };
}

export const patterns: Scenario = {
  name: 'patterns',
  about: `Messages grouped into patterns: accuracy on lines whose statements are known, lines a second, and /logs/patterns of a hub.
Rival: Drain, with the settings of its authors for each set.`,
  run,
};
