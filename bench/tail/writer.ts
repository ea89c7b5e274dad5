/**
 * A program that logs: numbered lines of JSON at a steady rate into a file that it opens for appending, and opens again on SIGHUP, as
 * servers do. Prints how many it has written when it is told to end.
 *
 *   node bench/tail/writer.ts FILE LINES_A_SECOND [FIRST_NUMBER]
 */

import { closeSync, openSync, writeSync } from 'node:fs';

const [path, rateText, firstText = '1'] = process.argv.slice(2);
const rate = Number(rateText);
if (path === undefined || !(rate > 0)) throw new Error('usage: writer.ts FILE LINES_A_SECOND [FIRST_NUMBER]');

/** Lines that are due are written so often. Up to 1,000 a second that is one write a line. */
const TICK_MS = 5;

const WORDS = ['order placed', 'card declined', 'session opened', 'cache refreshed', 'mail queued', 'user signed in'];

let fd = openSync(path, 'a');
let next = Number(firstText);
const startedMs = performance.now();
const first = next;

function line(number: number): string {
  return `${JSON.stringify({
    timestamp: new Date().toISOString(),
    level: number % 50 === 0 ? 'error' : 'info',
    message: `${WORDS[number % WORDS.length]} number ${number}`,
    number,
    request_id: `r-${(number * 7919) % 100_000}`,
    duration_ms: number % 977,
  })}\n`;
}

process.on('SIGHUP', () => {
  const old = fd;
  fd = openSync(path, 'a');
  closeSync(old);
});
process.on('SIGTERM', () => {
  process.stdout.write(`${JSON.stringify({ first, last: next - 1 })}\n`, () => process.exit(0));
});

setInterval(() => {
  const due = first + Math.floor(((performance.now() - startedMs) / 1000) * rate);
  // Each line in a write of its own up to a point, as loggers do; beyond it in blocks, since a write takes microseconds.
  const block = rate > 2000 ? 100 : 1;
  while (next < due) {
    let text = '';
    for (let i = 0; i < block && next < due; i++) text += line(next++);
    writeSync(fd, text);
  }
}, TICK_MS);
process.stdout.write('ready\n');
