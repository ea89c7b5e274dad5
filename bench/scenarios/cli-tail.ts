// cli-tail: how fast does `flywatch tail` read a log file into a pipe?
//
// A file of JSON lines as pino writes them and one of text lines are made in a temporary folder; every program reads them from the
// cache of the kernel and writes into a pipe, which is read here and thrown away. Programs run one after the other, each in its turn
// as often as --rounds says, and the median counts. Besides the time by the clock there is that of the processor, by bash's `time`: on
// a machine that others use it is the better comparison. A program's start is in its figures.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Scenario } from '../bench.ts';
import { findProgram } from '../child.ts';
import type { Row, Table } from '../report.ts';

const LINES = 500_000;
const QUICK_LINES = 50_000;

/** Characters that are collected before they are written. */
const WRITE_CHARS = 1 << 20;

interface Rival {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It reads standard input. */
  readonly isFilter?: boolean;
}

interface Kind {
  readonly name: string;
  readonly line: (i: number) => string;
  readonly rivals: (file: string) => readonly Rival[];
}

function flywatch(hub: string, file: string, name: string, args: readonly string[], env?: Rival['env']): Rival {
  return { name: `flywatch ${name}`, command: [process.execPath, hub, 'tail', file, ...args], ...(env && { env }) };
}

/** Those of ours that are the same for both kinds of file. */
function ours(hub: string, file: string): Rival[] {
  return [
    flywatch(hub, file, 'tail', []),
    flywatch(hub, file, 'tail -l error', ['-l', 'error']),
    flywatch(hub, file, 'tail --format pretty', ['--format', 'pretty']),
    flywatch(hub, file, 'the same in colours', ['--format', 'pretty'], { FORCE_COLOR: '1' }),
    flywatch(hub, file, 'tail --json', ['--json']),
  ];
}

/** What Debian has that runs without a terminal. Not ccze: at 300 to 1,600 lines a second it would take all of the bench's time. */
function installed(file: string): Rival[] {
  const lnav = findProgram('lnav');
  return lnav === undefined ? [] : [{ name: 'lnav -n', command: [lnav, '-n', file] }];
}

function kinds(hub: string): readonly Kind[] {
  const pinoPretty = createRequire(import.meta.url).resolve('pino-pretty/bin.js');
  return [
    {
      name: 'JSON lines of pino',
      line: (i) =>
        JSON.stringify({
          level: i % 10 === 0 ? 50 : 30,
          time: 1_795_169_704_000 + i,
          pid: 7,
          hostname: 'web-1',
          name: 'shop',
          reqId: `r${i}`,
          req: { method: 'GET', url: `/v1/products/${i % 997}` },
          res: { statusCode: i % 10 === 0 ? 500 : 200 },
          responseTime: i % 97,
          msg: 'request completed',
        }),
      rivals: (file) => [
        ...ours(hub, file),
        { name: 'pino-pretty', command: [process.execPath, pinoPretty], isFilter: true },
        {
          name: 'pino-pretty --colorize --singleLine',
          command: [process.execPath, pinoPretty, '--colorize', '--singleLine'],
          isFilter: true,
        },
        ...installed(file),
      ],
    },
    {
      name: 'text lines',
      line: (i) =>
        `2026-11-20 10:15:${String(i % 60).padStart(2, '0')},123 ${i % 10 === 0 ? 'ERROR' : 'INFO'} shop.orders - order ${i} of customer ${i % 977} completed in ${i % 97} ms`,
      rivals: (file) => [...ours(hub, file), ...installed(file)],
    },
  ];
}

export const cliTail: Scenario = {
  name: 'cli-tail',
  about: `A log file through \`flywatch tail\` into a pipe: as it is, filtered, and made readable.
Rivals: pino-pretty; Debian's lnav where it is installed. multitail cannot run without a terminal, and ccze does some hundred lines a second. To reach: 300,000 lines/s as
they are. lines/CPU s is what one second of a core does, start included.`,
  async run({ hub, quick, rounds, say }) {
    if (hub === undefined) return { tables: [], notes: ['there is no hub to take the command from'] };
    const lines = quick ? QUICK_LINES : LINES;
    const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-'));
    const tables: Table[] = [];
    try {
      for (const { name, line, rivals } of kinds(hub)) {
        const file = join(folder, `${name.replaceAll(' ', '-')}.log`);
        await writeLines(file, lines, line);
        const all = rivals(file);
        const runs = new Map<string, Run[]>(all.map((rival) => [rival.name, []]));
        for (let round = 0; round < rounds; round++) {
          for (const rival of all) {
            say(`cli-tail: ${rival.name}, ${name}`);
            runs.get(rival.name)!.push(await run(rival, file));
          }
        }
        const rows = all.map((rival): Row => rowOf(rival.name, runs.get(rival.name)!, lines));
        tables.push({ title: `${lines} ${name}`, columns: COLUMNS, rows });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    return { tables, notes: [] };
  },
};

const COLUMNS = [
  { key: 'program', label: 'program' },
  { key: 'lines_per_s', label: 'lines/s' },
  { key: 'lines_per_cpu_s', label: 'lines/CPU s' },
  { key: 'out_mb', label: 'MB out', digits: 1 },
];

async function writeLines(file: string, count: number, line: (i: number) => string): Promise<void> {
  const out = createWriteStream(file);
  let text = '';
  for (let i = 0; i < count; i++) {
    text += `${line(i)}\n`;
    if (text.length < WRITE_CHARS) continue;
    if (!out.write(text)) await new Promise((resolve) => out.once('drain', resolve));
    text = '';
  }
  out.end(text);
  await finished(out);
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
}

/** bash measures the program alone; its own line on standard error is the last one. */
function run({ name, command, env = {}, isFilter = false }: Rival, file: string): Promise<Run> {
  const script = `TIMEFORMAT='%R %U %S'; time "$@" ${isFilter ? `< ${JSON.stringify(file)}` : '< /dev/null'}`;
  const child = spawn('bash', ['-c', script, 'bash', ...command], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let bytes = 0;
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => {
    bytes += piece.length;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      const [real, user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
      if (code !== 0 || !(real! > 0)) reject(new Error(`${name} ended with ${code}: ${stderr}`));
      else resolve({ seconds: real!, cpuSeconds: user! + system!, bytes });
    });
  });
}

function rowOf(program: string, runs: readonly Run[], lines: number): Row {
  const median = (of: (run: Run) => number) => runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!;
  return {
    program,
    lines_per_s: lines / median(({ seconds }) => seconds),
    lines_per_cpu_s: lines / median(({ cpuSeconds }) => cpuSeconds),
    out_mb: median(({ bytes }) => bytes) / 1e6,
  };
}
