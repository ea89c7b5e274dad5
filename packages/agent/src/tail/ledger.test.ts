import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Ledger, type LedgerRecord, type PlannedBatch } from './ledger.ts';
import { replay } from './replay.ts';
import { Stream } from './stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-ledger-'));
let files = 0;
const newPath = () => join(folder, `${++files}`, 'tail.ledger');
afterAll(() => rmSync(folder, { recursive: true }));

const stream: LedgerRecord = {
  t: 'stream',
  stream: Stream.begin(
    { id: 1, file: '/a', watch: '/a', generation: 0, state: 'live', place: { key: '1:2', path: '/a', gzip: false } },
    1,
  ).toRecord(),
};

function batch(seq: number, from: number, to: number): PlannedBatch {
  const mark = { at: to, sum: to };
  return { seq, atMs: seq, sections: [{ stream: 1, from, to, lines: 1, sum: 0, mark, joins: true }] };
}
const plan = (seq: number, from: number, to: number): LedgerRecord => ({ t: 'plan', batch: batch(seq, from, to) });

async function written(path: string, records: readonly LedgerRecord[]): Promise<Ledger> {
  const ledger = new Ledger(path);
  ledger.read();
  await ledger.rewrite(0, []);
  await ledger.append(records, true);
  await ledger.close();
  return ledger;
}

test('what was written is read, and numbers go on where they were', async () => {
  const path = newPath();
  const first = await written(path, [stream, plan(1, 0, 10), { t: 'ack', seq: 1 }, plan(2, 10, 20)]);
  const contents = new Ledger(path).read();
  expect(contents).toMatchObject({ boot: first.boot, lastSeq: 2, warning: undefined });
  const { streams, unacknowledged } = replay(contents.records);
  expect(streams[0]).toMatchObject({ acked: 10, marks: [{ at: 10 }, { at: 20 }] });
  expect(unacknowledged).toEqual(batch(2, 10, 20));
});

test('an acknowledgement that was not written is known from the batch that followed', () => {
  const { streams, unacknowledged } = replay([stream, plan(1, 0, 10), plan(2, 10, 20)]);
  expect(streams[0]!.acked).toBe(10);
  expect(unacknowledged?.seq).toBe(2);
});

test('a batch that was withdrawn moves nothing', () => {
  const { streams, unacknowledged } = replay([stream, plan(1, 0, 10), { t: 'withdraw', seq: 1 }]);
  expect(streams[0]!.acked).toBe(0);
  expect(unacknowledged).toBeUndefined();
});

test('cut off at any byte, the lines before it count', async () => {
  const path = newPath();
  await written(path, [stream, plan(1, 0, 10), { t: 'ack', seq: 1 }]);
  const whole = readFileSync(path);
  const firstEnd = whole.indexOf('\n') + 1;
  for (let length = whole.length - 1; length >= firstEnd; length -= 7) {
    truncateSync(path, length);
    const { records, warning } = new Ledger(path).read();
    expect(records).toHaveLength(whole.toString('utf8', 0, length).split('\n').length - 1);
    if (whole[length - 1] !== 0x0a) expect(warning).toMatch(/ends with a damaged line/);
    writeFileSync(path, whole);
  }
});

test('a line that was changed ends what counts', async () => {
  const path = newPath();
  await written(path, [stream, plan(1, 0, 10)]);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"to":10', '"to":99'));
  expect(new Ledger(path).read().records.map(({ t }) => t)).toEqual(['begin', 'stream']);
});

test('what a write left behind that failed is written over', async () => {
  const path = newPath();
  const ledger = new Ledger(path);
  ledger.read();
  await ledger.rewrite(0, []);
  appendFileSync(path, 'half a li');
  await ledger.append([stream], true);
  await ledger.close();
  expect(new Ledger(path).read().records.map(({ t }) => t)).toEqual(['begin', 'stream']);
});

test('on a cloned machine batches are numbered under another name, and positions are kept', async () => {
  const path = newPath();
  const first = await written(path, [stream, plan(1, 0, 10), { t: 'ack', seq: 1 }, plan(2, 10, 20)]);
  const [begin, ...others] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const other = new Ledger(newPath());
  expect(other.boot).not.toBe(first.boot);
  // The same ledger, as another machine would have written its first line.
  const { crc32 } = await import('node:zlib');
  const json = begin!.slice(9).replace(/"host":"[^"]*"/, '"host":"another"');
  writeFileSync(path, [`${crc32(json).toString(16).padStart(8, '0')} ${json}`, ...others, ''].join('\n'));
  const contents = new Ledger(path).read();
  expect(contents).toMatchObject({ lastSeq: 0, warning: expect.stringMatching(/of another machine/) });
  expect(contents.boot).not.toBe(first.boot);
  const { streams, unacknowledged } = replay(contents.records);
  expect([streams[0]!.acked, unacknowledged]).toEqual([10, undefined]);
});

test('written anew it is small again', async () => {
  const path = newPath();
  const ledger = new Ledger(path);
  ledger.read();
  await ledger.rewrite(0, [stream]);
  const { size } = statSync(path);
  for (let seq = 1; !ledger.isLarge; seq++) await ledger.append([plan(seq, seq, seq + 1)], false);
  await ledger.rewrite(9, [stream]);
  expect([ledger.isLarge, statSync(path).size]).toEqual([false, size]);
  await ledger.close();
});
