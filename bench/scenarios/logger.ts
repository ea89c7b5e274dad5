// logger: lines a second into a file, beside pino with the same fields, and what is left of a million lines when the process ends.
//
// Each logger runs in a process of its own, in turn, round after round; the median of the rounds counts. A line is logcore's: ISO time,
// level as a word, logger, message, and in the second table a context of five fields, two of them nested. The clock stops when all lines are in
// the file. "µs CPU" is user and system time of the whole process a line, so that what threads do counts too. pino is shown as it
// comes (a write a line) and in its faster ways, which gather lines. "flywatch" leaves secrets out, as it does by default; pino does not.
//
// Ends: a million lines in one go, then `process.exit`, an uncaught exception, or SIGTERM. What is not in the file then is lost.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, Scenario } from '../bench.ts';
import { CONTENDERS } from '../logger/contenders.ts';
import type { WriterReport, WriterTask } from '../logger/writer.ts';
import type { Row, Table } from '../report.ts';

const LINES = 300_000;
const QUICK_LINES = 50_000;
const LINES_AT_END = 1_000_000;

const WRITER = join(import.meta.dirname, '../logger/writer.ts');
const ENDS = ['process.exit', 'uncaught exception', 'SIGTERM'] as const;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function measure(task: WriterTask): Promise<WriterReport> {
  rmSync(task.file, { force: true });
  const { stdout } = await promisify(execFile)(process.execPath, [WRITER, JSON.stringify(task)]);
  return JSON.parse(stdout) as WriterReport;
}

async function speeds(bench: Bench, file: string, hasContext: boolean): Promise<Table> {
  const reports = new Map<string, WriterReport[]>(CONTENDERS.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.rounds; round++) {
    for (const [contender, list] of reports) {
      bench.say(`logger: ${contender}, ${hasContext ? 'message and context' : 'message'}, round ${round + 1}`);
      list.push(await measure({ contender, file, lines: bench.quick ? QUICK_LINES : LINES, hasContext }));
    }
  }
  const rows = [...reports].map(([logger, list]): Row => {
    const perSecond = list.map(({ lines_per_s }) => lines_per_s);
    return {
      logger,
      lines_per_s: median(perSecond),
      slowest: Math.min(...perSecond),
      fastest: Math.max(...perSecond),
      cpu_us: median(list.map(({ cpu_us_per_line }) => cpu_us_per_line)),
    };
  });
  const columns = [
    { key: 'logger', label: 'logger' },
    { key: 'lines_per_s', label: 'lines/s' },
    { key: 'slowest', label: 'slowest' },
    { key: 'fastest', label: 'fastest' },
    { key: 'cpu_us', label: 'µs CPU', digits: 2 },
  ];
  return { title: hasContext ? 'message and context' : 'message alone', columns, rows };
}

async function linesIn(file: string): Promise<number> {
  let count = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (const byte of chunk) if (byte === 0x0a) count++;
  }
  return count;
}

async function ends(bench: Bench, file: string): Promise<Table> {
  const lines = bench.quick ? QUICK_LINES : LINES_AT_END;
  const rows: Row[] = [];
  for (const { name: contender } of CONTENDERS) {
    const row: Record<string, Row[string]> = { logger: contender };
    for (const end of ENDS) {
      bench.say(`logger: ${contender}, ${end}`);
      rmSync(file, { force: true });
      const task: WriterTask = { contender, file, lines, hasContext: false, end };
      await once(spawn(process.execPath, [WRITER, JSON.stringify(task)], { stdio: 'ignore' }), 'exit');
      row[end] = lines - (await linesIn(file));
    }
    rows.push(row);
  }
  const columns = [{ key: 'logger', label: 'logger' }, ...ENDS.map((end) => ({ key: end, label: end }))];
  return { title: `lost of ${lines.toLocaleString('en-US')} lines`, columns, rows };
}

export const logger: Scenario = {
  name: 'logger',
  about: `Lines into a file, each logger in a process of its own, with the same fields; then a million lines and the end of the process.
Rival: pino, as it comes and in the ways in which it gathers lines.`,
  async run(bench) {
    const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-logger-'));
    const file = join(folder, 'app.log');
    try {
      return {
        tables: [await speeds(bench, file, false), await speeds(bench, file, true), await ends(bench, file)],
        notes: [],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
