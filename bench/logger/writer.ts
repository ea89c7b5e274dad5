// One logger in a process of its own: writes so many lines and says how long it took, or ends in a way in which programs end.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { CONTENDERS } from './contenders.ts';

export interface WriterTask {
  readonly contender: string;
  readonly file: string;
  readonly lines: number;
  readonly hasContext: boolean;
  /** Undefined: measure. */
  readonly end?: 'process.exit' | 'uncaught exception' | 'SIGTERM';
}

export interface WriterReport {
  readonly lines_per_s: number;
  readonly cpu_us_per_line: number;
}

/** As in an app: what is logged in one turn of the event loop is a handful, here a burst. */
const LINES_A_TURN = 1_000;
const WARMUP_LINES = 50_000;

const CONTEXT = {
  user_id: 123,
  path: '/api/users',
  cached: true,
  tags: ['a', 'b'],
  order: { id: 4711, total: 19.9, state: 'accepted' },
};

const { contender, file, lines, hasContext, end } = JSON.parse(process.argv[2]!) as WriterTask;
const { log, flush } = CONTENDERS.find(({ name }) => name === contender)!.open(file);
const context = hasContext ? CONTEXT : undefined;

async function write(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    log('order accepted by the payment provider', context);
    if (i % LINES_A_TURN === LINES_A_TURN - 1) await nextTurn();
  }
}

if (end === undefined) {
  await write(WARMUP_LINES);
  await flush();
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  await write(lines);
  await flush();
  const ms = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  const report: WriterReport = { lines_per_s: (lines / ms) * 1000, cpu_us_per_line: (user + system) / lines };
  process.stdout.write(JSON.stringify(report));
} else {
  for (let i = 0; i < lines; i++) log('order accepted by the payment provider', context);
  if (end === 'process.exit') process.exit(0);
  if (end === 'uncaught exception') throw new Error('nobody catches this');
  process.kill(process.pid, 'SIGTERM');
  setInterval(() => {}, 1000);
}
