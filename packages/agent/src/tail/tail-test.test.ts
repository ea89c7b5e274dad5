import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { MAX_LINE_BYTES } from './limits.ts';
import { type TestedEvent, testTail } from './tail-test.ts';

async function eventsOf(...[path, options]: Parameters<typeof testTail>): Promise<TestedEvent[]> {
  const events: TestedEvent[] = [];
  for await (const event of testTail(path, options)) events.push(event);
  return events;
}

const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['app.log', 'app.log.gz'])('the events of %s, with their lines and formats', async (name) => {
  const path = join(folder, name);
  const text = '{"level":30,"time":1,"msg":"a"}\nError: x\r\n    at f\r\nlast';
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  expect(await eventsOf(path)).toEqual([
    { text: '{"level":30,"time":1,"msg":"a"}', line: 1, lines: 1, format: 'pino', isPartial: false, cutBytes: 0 },
    { text: 'Error: x\r\n    at f', line: 2, lines: 2, format: 'plain', isPartial: false, cutBytes: 0 },
    { text: 'last', line: 4, lines: 1, format: 'plain', isPartial: true, cutBytes: 0 },
  ]);
});

test('a file of megabytes is gone through piece by piece', async () => {
  const path = join(folder, 'large.log');
  const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i} ${'x'.repeat(60)}`);
  writeFileSync(path, `${lines.join('\n')}\n${'y'.repeat(MAX_LINE_BYTES + 10)}\n`);
  const events = await eventsOf(path, { multiLine: false });
  expect(events.slice(0, -1).map(({ text }) => text)).toEqual(lines);
  expect(events.at(-1)).toMatchObject({ line: 40_001, cutBytes: 10 });
});
