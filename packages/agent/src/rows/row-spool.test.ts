import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RowSpool } from './row-spool.ts';

let folder: string;
let path: string;
let warnings: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-spool-'));
  path = join(folder, 'rows.spool');
  warnings = [];
});

afterEach(() => rmSync(folder, { recursive: true }));

function open(at = path): RowSpool {
  const spool = new RowSpool(at, (message) => warnings.push(message));
  spool.open();
  return spool;
}

/** Everything that is left, in batches of two. */
function drain(spool: RowSpool): string[] {
  const rows: string[] = [];
  for (let batch = spool.plan(2); batch !== undefined; batch = spool.plan(2)) {
    rows.push(...batch.rows);
    spool.acknowledge();
  }
  return rows;
}

test('rows come out in their order, in batches that are numbered on', () => {
  const spool = open();
  for (const row of ['a', 'b', 'c']) spool.add(row);
  const first = spool.plan(2)!;
  expect(first).toMatchObject({ seq: 1, rows: ['a', 'b'] });
  expect(spool.plan(2)).toEqual(first);
  spool.acknowledge();
  expect(spool.plan(2)).toEqual({ boot: first.boot, seq: 2, rows: ['c'] });
  expect(spool.size).toBe(1);
  spool.acknowledge();
  expect([spool.size, spool.waitingBytes, spool.plan(2)]).toEqual([0, 0, undefined]);
});

test('after a crash the batch that was on its way is the same, under the same number', () => {
  const spool = open();
  for (const row of ['a', 'b', 'c']) spool.add(row);
  const sent = spool.plan(2);
  spool.add('d');
  const next = open();
  expect(next.plan(9)).toEqual(sent);
  next.acknowledge();
  expect(next.plan(9)).toMatchObject({ seq: 3 - 1, rows: ['c', 'd'] });
});

test('numbers go on after everything was acknowledged, and across several runs', () => {
  for (const [run, row] of ['a', 'b', 'c'].entries()) {
    const spool = open();
    spool.add(row);
    expect(spool.plan(1)).toMatchObject({ seq: run + 1, rows: [row] });
    spool.acknowledge();
    spool.close();
  }
});

test('a file that ends anywhere gives rows from the first on, none twice and no half ones', () => {
  const spool = open();
  for (const row of ['{"row":"ä"}', 'b', 'c', 'd', 'e']) spool.add(row);
  spool.plan(2);
  const bytes = readFileSync(path);
  const cut = join(folder, 'cut.spool');
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(cut, bytes.subarray(0, length));
    const rows = drain(open(cut));
    expect(rows).toEqual(['{"row":"ä"}', 'b', 'c', 'd', 'e'].slice(0, rows.length));
  }
  expect(drain(open()).length).toBe(5);
});

test('a damaged byte costs what follows it and nothing before', () => {
  const spool = open();
  for (const row of ['a', 'b', 'c']) spool.add(row);
  const bytes = readFileSync(path);
  bytes[bytes.lastIndexOf('b')]! ^= 1;
  writeFileSync(path, bytes);
  expect(drain(open())).toEqual(['a']);
});

test('rows that are shed are the oldest that are in no batch, after a crash too', () => {
  const spool = open();
  for (const row of ['a', 'b', 'c', 'd']) spool.add(row);
  spool.plan(1);
  spool.shed(2);
  expect(drain(open())).toEqual(['a', 'd']);
});

test('the file does not grow with what is done with', () => {
  const spool = open();
  for (let i = 0; i < 3000; i++) {
    spool.add('x'.repeat(1000));
    spool.add('y'.repeat(1000));
    spool.plan(1);
    spool.acknowledge();
    if (i % 2 === 0) spool.shed(1);
  }
  expect(statSync(path).size).toBeLessThan(spool.waitingBytes * 1.1 + 512 * 1024);
  expect(drain(open()).length).toBe(spool.size);
});

test('where the file cannot be written rows go on from memory, and it is said once', () => {
  const blocked = join(folder, 'blocked', 'rows.spool');
  const spool = open(blocked);
  for (const row of ['a', 'b']) spool.add(row);
  expect(warnings).toEqual([expect.stringMatching(/cannot be written, so a restart would lose what waits/)]);
  mkdirSync(join(folder, 'blocked'));
  spool.add('c');
  spool.close();
  expect(drain(open(blocked))).toEqual(['a', 'b', 'c']);
});
