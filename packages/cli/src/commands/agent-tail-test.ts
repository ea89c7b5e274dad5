/** `flywatch agent tail-test FILE`: how the agent reads a log file: what it joins, what it recognises, what it cuts. */

import { testTail } from '@flywatch/agent';
import { type Command, InvalidArgumentError } from 'commander';

interface TailTestFlags {
  readonly lines: number;
  readonly multiLine: boolean;
}

/** Characters of an event that are shown in a line. */
const SHOWN_CHARS = 160;

export function defineTailTest(command: Command): void {
  command
    .description('show how a log file is read: what is joined, recognised and cut')
    .argument('<file>', 'a log file, packed with gzip or not')
    .option('-n, --lines <count>', 'events to show, from the beginning; all are counted', readCount, 20)
    .option('--no-multi-line', 'take every line for an event')
    .action(async (file: string, flags: TailTestFlags) => {
      try {
        await show(file, flags);
      } catch (error) {
        process.stderr.write(`${file} cannot be read: ${(error as Error).message}\n`);
        process.exitCode = 1;
      }
    });
}

async function show(file: string, { lines: wanted, multiLine }: TailTestFlags): Promise<void> {
  const counts = new Map<string, number>();
  let events = 0;
  let lines = 0;
  for await (const event of testTail(file, { multiLine })) {
    const { text, line, format, isPartial, cutBytes } = event;
    events++;
    lines += event.lines;
    counts.set(format, (counts.get(format) ?? 0) + 1);
    if (events > wanted) continue;
    const notes = [
      event.lines > 1 ? `${event.lines} lines` : '',
      isPartial ? 'no line break yet' : '',
      cutBytes > 0 ? `${cutBytes} bytes cut` : '',
    ].filter((note) => note !== '');
    const shown = JSON.stringify(text.slice(0, SHOWN_CHARS));
    process.stdout.write(`${line}\t${format}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}\t${shown}\n`);
  }
  const formats = [...counts].sort((a, b) => b[1] - a[1]).map(([format, count]) => `${format} ${count}`);
  process.stdout.write(`${events} events of ${lines} lines${formats.length === 0 ? '' : `: ${formats.join(', ')}`}\n`);
}

function readCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}
