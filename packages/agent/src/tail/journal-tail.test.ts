/** The journal's tail over a stand-in for journalctl, which prints entries of a file in the order of their cursors. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JournalTail } from './journal-tail.ts';
import { RecordingSink } from './recording-sink.fixture.ts';

/** `--lines`, `--after-cursor`, `--follow` and the exit code of a cursor that is not there: what the tail asks of it. */
const JOURNALCTL = `#!${process.execPath}
const { readFileSync } = require('node:fs');
const option = (name) => process.argv.find((arg) => arg.startsWith('--' + name + '='))?.slice(name.length + 3);
const after = option('after-cursor');
let printed = 0;
let seen = after === undefined;
const print = () => {
  const lines = readFileSync(process.env.JOURNAL_FILE, 'utf8').split('\\n').filter(Boolean).slice(printed);
  for (const line of option('lines') === undefined ? lines : lines.slice(-Number(option('lines')))) {
    if (seen) process.stdout.write(line + '\\n');
    else seen = line.includes('"__CURSOR":"' + after + '"');
  }
  printed += lines.length;
};
print();
if (!seen) { process.stderr.write('Failed to seek to cursor\\n'); process.exitCode = 1; }
else if (process.argv.includes('--follow')) setInterval(print, 20);
`;

function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-journal-'));
  const program = join(folder, 'journalctl');
  const journal = join(folder, 'journal');
  writeFileSync(program, JOURNALCTL, { mode: 0o755 });
  writeFileSync(journal, '');
  process.env.JOURNAL_FILE = journal;
  const sink = new RecordingSink();
  const warnings: string[] = [];
  const tails: JournalTail[] = [];
  const entry = (n: number) => `{"__CURSOR":"s=${n}","MESSAGE":"entry ${n}"}`;
  return {
    sink,
    warnings,
    entry,
    write: (...numbers: number[]) => appendFileSync(journal, numbers.map((n) => `${entry(n)}\n`).join('')),
    start: (named = program) => {
      const tail = new JournalTail({
        settings: { agent: 'a', stateDir: join(folder, 'state'), host: 'web-1', program: named },
        sink,
        warn: (message) => warnings.push(message),
      });
      tails.push(tail);
      tail.start();
      return tail;
    },
    [Symbol.asyncDispose]: async () => {
      for (const tail of tails) await tail.stop();
      delete process.env.JOURNAL_FILE;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test('entries are sent from the first start on, and go on behind the last acknowledged one', async () => {
  await using journal = setup();
  const { sink, write, entry } = journal;
  write(1, 2);
  const first = journal.start();
  await expect.poll(() => first.status().state).toBe('running');
  write(3, 4);
  await sink.until(2);
  await first.stop();
  write(5, 6);
  journal.start();
  expect(await sink.until(4)).toEqual([entry(3), entry(4), entry(5), entry(6)]);
});

test('a batch that was not acknowledged is read again from the journal and sent under its id', async () => {
  await using journal = setup();
  const { sink, write, entry } = journal;
  write(1);
  const sent: string[] = [];
  sink.answer = (batch) => {
    sent.push(`${batch.id} ${batch.body}`);
    sink.keep(batch);
    return new Promise(() => {});
  };
  const first = journal.start();
  await expect.poll(() => first.status().state).toBe('running');
  write(2, 3);
  await sink.until(2);
  await first.stop();
  write(4);
  sink.answer = (batch) => {
    sent.push(`${batch.id} ${batch.body}`);
    return 'taken';
  };
  journal.start();
  await sink.until(3);
  expect(sent[1]).toBe(sent[0]);
  expect(sink.texts).toEqual([entry(2), entry(3), entry(4)]);
});

test('where there is no journalctl, it says so once and goes on trying', async () => {
  await using journal = setup();
  const tail = journal.start('/nowhere/journalctl');
  await expect.poll(() => tail.status().state).toBe('failing');
  expect(tail.status().detail).toMatch(/the journal cannot be read: spawn \/nowhere\/journalctl ENOENT/);
  expect(journal.warnings).toHaveLength(1);
});
