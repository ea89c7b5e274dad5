import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LogEvent } from '@flywatch/core';
import { afterAll, expect, test } from 'vitest';
import { answer } from '../answers/answer.ts';
import { Turns } from '../answers/turns.ts';
import { encodeBatch } from '../format/batch.ts';
import { makeEvent, page, variedEvents } from '../store.contract.ts';
import { NewerSchemaError, openForReading, openForWriting } from './database.ts';
import { EmbeddedReader } from './embedded-snapshot.ts';
import { StoreWriter, type WriterLimits } from './store-writer.ts';

const root = mkdtempSync(join(tmpdir(), 'flywatch-writer-'));
afterAll(() => rmSync(root, { recursive: true }));

let files = 0;
const newPath = () => join(root, `${++files}.db`);

const UNLIMITED: WriterLimits = {
  retentionMs: 1e15,
  metricsRetentionMs: 1e12,
  maxBytes: undefined,
  batchIdsKept: 3,
  batchIdsMinAgeMs: 1000,
  snapshotsKept: 100,
  snapshotsMaxAgeMs: 1e12,
};

function openWriter(path: string, limits: Partial<WriterLimits> = {}) {
  const all = { ...UNLIMITED, ...limits };
  const { db, setAside } = openForWriting(path, { maxBytes: all.maxBytes });
  const writer = new StoreWriter(db, all, 0);
  let number = 0;
  const commit = (events: readonly LogEvent[], nowMs = Date.now()) => {
    writer.commit([{ number: ++number, bytes: encodeBatch(events), marks: [] }], nowMs);
  };
  return { writer, db, commit, setAside };
}

async function idsIn(path: string): Promise<string[]> {
  const db = openForReading(path)!;
  try {
    const snapshot = new EmbeddedReader(db).snapshot([], []);
    const ids: string[] = [];
    let position = 0;
    for (;;) {
      const piece = await answer<'after'>(snapshot, new Turns(() => false), {
        ...{ kind: 'after', selection: { lists: {} }, range: {}, form: 'flat' },
        ...{ position, until: Number.MAX_SAFE_INTEGER, maxBytes: 1e6 },
      });
      ids.push(...piece.rows.map((row) => (JSON.parse(row) as { id: string }).id));
      if (piece.reached === Number.MAX_SAFE_INTEGER) return ids;
      position = piece.reached;
    }
  } finally {
    db.close();
  }
}

const count = (db: DatabaseSync, table: string) =>
  (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;

test('a head that is full becomes a chunk, in the transaction that empties it', async () => {
  const path = newPath();
  const { commit, db, writer } = openWriter(path);
  const events = variedEvents(40_000);
  for (let from = 0; from < events.length; from += 1000) commit(events.slice(from, from + 1000));
  expect(count(db, 'chunks')).toBeGreaterThanOrEqual(1);
  expect(count(db, 'head')).toBeLessThan(30);
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
  writer.close();
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
});

test('a quiet hub’s many small commits are joined, so that the head stays a few rows', async () => {
  const path = newPath();
  const { commit, db } = openWriter(path);
  const events = variedEvents(700);
  for (const event of events) commit([event]);
  expect(count(db, 'head')).toBeLessThan(40);
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
});

test('chunks that restarts have left small are joined while nothing is written', async () => {
  const path = newPath();
  const events = variedEvents(900);
  for (let run = 0; run < 3; run++) {
    const { commit, writer } = openWriter(path);
    commit(events.slice(run * 300, run * 300 + 300));
    writer.close();
  }
  const { writer, db } = openWriter(path);
  expect(count(db, 'chunks')).toBe(3);
  while (writer.repack());
  expect(count(db, 'chunks')).toBe(1);
  expect(count(db, 'parts')).toBeLessThanOrEqual(5);
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
});

test('after a transaction that failed, the next one writes what the head really holds, and nothing twice', async () => {
  const path = newPath();
  const { commit, writer } = openWriter(path);
  const events = variedEvents(3000);
  commit(events.slice(0, 1000));
  const torn = encodeBatch(events.slice(1000, 2000)).slice(0, 5000);
  expect(() => writer.commit([{ number: 9, bytes: torn, marks: [] }], 0)).toThrow('this batch is cut short');
  commit(events.slice(1000));
  writer.close();
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
});

test('what has become too old goes, whole chunks at a time, and is remembered as gone', async () => {
  const path = newPath();
  const events = variedEvents(600).map((event, i) =>
    makeEvent({ message: event.message, receivedAtMs: i < 300 ? 1000 : 9000 }),
  );
  for (const part of [events.slice(0, 300), events.slice(300)]) {
    const { commit, writer } = openWriter(path);
    commit(part);
    writer.close();
  }
  const { writer, db } = openWriter(path, { retentionMs: 5000 });
  while (writer.retain(10_000, 0));
  expect(await idsIn(path)).toEqual(events.slice(300).map(({ id }) => id));
  const fact = db.prepare("SELECT value FROM facts WHERE name = 'dropped_to'").get();
  expect(fact).toEqual({ value: events[299]!.position });
});

test('a limit of size is held while events keep coming, and the room is really given back', {
  timeout: 60_000,
}, async () => {
  const path = newPath();
  const maxBytes = 16_000_000;
  const { commit, writer } = openWriter(path, { maxBytes });
  const walBytes = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const size = () => statSync(path).size + walBytes();
  let random = 1;
  const noise = () => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return random.toString(36);
  };
  let written = 0;
  const sizes: number[] = [];
  while (written < 60_000_000) {
    const events = Array.from({ length: 500 }, () =>
      makeEvent({ message: Array.from({ length: 100 }, noise).join(' ') }),
    );
    written += events.reduce((sum, { message }) => sum + message.length, 0);
    commit(events);
    while (writer.retain(0, walBytes()));
    if (written > 30_000_000) sizes.push(size());
  }
  expect(Math.max(...sizes)).toBeLessThan(maxBytes * 1.05);
  expect(Math.min(...sizes)).toBeGreaterThan(maxBytes * 0.8);
  writer.close();
  const smaller = openWriter(path, { maxBytes: 8_000_000 });
  while (smaller.writer.retain(0, 0));
  smaller.writer.close();
  expect(size()).toBeLessThan(8_000_000 * 1.05);
});

test('batch ids beyond number and age are forgotten', () => {
  const { writer } = openWriter(newPath());
  for (let i = 1; i <= 6; i++)
    writer.commit([{ number: i, bytes: undefined, marks: [{ id: `b${i}`, taken: i, complete: true }] }], i * 100);
  writer.forgetBatchIds(1250);
  expect([1, 2, 3, 4, 5, 6].filter((i) => writer.batchMark(`b${i}`) !== undefined)).toEqual([3, 4, 5, 6]);
});

test('the last ids of an agent’s ledger are kept for ever, whatever others send', () => {
  const { writer } = openWriter(newPath());
  let number = 0;
  const take = (id: string) =>
    writer.commit([{ number: ++number, bytes: undefined, marks: [{ id, taken: 1, complete: true }] }], number);
  take('agent/web-1/another/1/0');
  for (let seq = 1; seq <= 20; seq++) take(`agent/web-1/b/${seq}/0`);
  for (let i = 1; i <= 20; i++) take(`other-${i}`);
  writer.forgetBatchIds(1_000_000);
  const kept = Array.from({ length: 20 }, (_, i) => i + 1).filter((seq) => writer.batchMark(`agent/web-1/b/${seq}/0`));
  expect(kept).toEqual([17, 18, 19, 20]);
  expect(writer.batchMark('agent/web-1/another/1/0')).toBeDefined();
  expect(writer.batchMark('other-1')).toBeUndefined();
});

test.each([
  ['its first page overwritten', (path: string) => overwrite(path, 0)],
  ['pages in the middle overwritten', (path: string) => overwrite(path, 40_960)],
  ['its end cut off', (path: string) => truncateSync(path, statSync(path).size - 30_000)],
  ['something else in its place', (path: string) => overwrite(path, 0, 'this was never a database. '.repeat(1000))],
])('a damaged file (%s) is set aside and said, and a new one is begun', async (_, damage) => {
  const path = newPath();
  const first = openWriter(path);
  first.commit(variedEvents(3000));
  first.writer.close();
  damage(path);
  const second = openWriter(path);
  expect(second.setAside?.path).toMatch(/\.damaged-\d+$/);
  expect(second.setAside?.reason).not.toBe('');
  const events = variedEvents(10);
  second.commit(events);
  second.writer.close();
  expect(await idsIn(path)).toEqual(events.map(({ id }) => id));
  expect(readdirSync(root).filter((name) => name.startsWith(`${files}.db.damaged-`)).length).toBeGreaterThan(0);
});

function overwrite(path: string, at: number, text = '\u0001garbage '.repeat(1500)): void {
  const file = openSync(path, 'r+');
  writeSync(file, text, at);
  closeSync(file);
}

test('a file of a later version is left alone and refused with what to do', () => {
  const path = newPath();
  openWriter(path).writer.close();
  const db = new DatabaseSync(path);
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openForWriting(path)).toThrow(NewerSchemaError);
  expect(() => openForWriting(path)).toThrow(/written by a later version.*schema 99.*set STORE_PATH/);
});

test('what an older process wrote is read: the layout of a file does not change unnoticed', async () => {
  // Columns of every table as version 1 has them; a change here needs a migration in database.ts.
  const { db } = openWriter(newPath());
  const columns = (table: string) =>
    (db.prepare(`PRAGMA table_info(${table})`).all() as unknown as { name: string }[])
      .map(({ name }) => name)
      .join(' ');
  expect(
    Object.fromEntries(
      ['facts', 'head', 'chunks', 'parts', 'filters', 'batch_ids', 'snapshots'].map((table) => [table, columns(table)]),
    ),
  ).toEqual({
    facts: 'name value',
    head: 'id first_position last_position events data',
    chunks: 'id first_position last_position max_received events bytes packing summary minutes',
    parts: 'id data',
    filters: 'id data',
    batch_ids: 'number id taken complete at agent',
    snapshots: 'id at data',
  });
  expect(page().kind).toBe('page');
});
