// One process that writes events into a store, in one thread, parse included, and says what it cost.
//
//   node bench/store/ingest.ts flywatch|fts5 FILE EVENTS
//
// Making the events is not part of it: CPU is counted around the writing alone. Both stores get the same events, normalized by the
// same code, in transactions of the same size; both wait for the disk at each commit (synchronous=FULL, WAL).

import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type LogEvent, Normalizer } from '@flywatch/core';
import { openForWriting } from '../../packages/hub/src/store/embedded/database.ts';
import { StoreWriter } from '../../packages/hub/src/store/embedded/store-writer.ts';
import { encodeBatch } from '../../packages/hub/src/store/format/batch.ts';
import { generate, readSystems } from './lines.ts';

/** Events of a transaction: what comes in 20 ms at 200,000 a second. */
const SLICE = 4096;

interface Target {
  write(events: LogEvent[]): void;
  close(): void;
}

function flywatch(file: string): Target {
  const limits = {
    retentionMs: 1e15,
    metricsRetentionMs: 1e12,
    maxBytes: undefined,
    batchIdsKept: 1000,
    batchIdsMinAgeMs: 1e9,
    snapshotsKept: 100,
    snapshotsMaxAgeMs: 1e12,
  };
  const writer = new StoreWriter(openForWriting(file).db, limits, 0);
  let number = 0;
  return {
    write: (events) => writer.commit([{ number: ++number, bytes: encodeBatch(events), marks: [] }], Date.now()),
    close: () => writer.close(),
  };
}

function fts5(file: string): Target {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;
    CREATE TABLE logs (id INTEGER PRIMARY KEY, time INTEGER, nanos INTEGER, received INTEGER, level INTEGER,
      app TEXT, instance TEXT, region TEXT, host TEXT, provider TEXT, message TEXT);
    CREATE INDEX logs_time ON logs (time);
    CREATE VIRTUAL TABLE logs_text USING fts5 (message, content='logs', content_rowid='id');`);
  const row = db.prepare('INSERT INTO logs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const text = db.prepare('INSERT INTO logs_text (rowid, message) VALUES (?, ?)');
  const ranks = { trace: 0, debug: 1, info: 2, warn: 3, error: 4, fatal: 5 };
  return {
    write: (events) => {
      db.exec('BEGIN');
      for (const e of events) {
        row.run(
          e.position,
          e.timeMs,
          e.timeNanos,
          e.receivedAtMs,
          ranks[e.level],
          e.app ?? null,
          e.instance ?? null,
          e.region ?? null,
          e.host ?? null,
          e.provider ?? null,
          e.message,
        );
        text.run(e.position, e.message);
      }
      db.exec('COMMIT');
    },
    close: () => {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

const [kind, file, count] = process.argv.slice(2);
const total = Number(count);
const target = kind === 'fts5' ? fts5(file!) : flywatch(file!);
const { systems, from } = readSystems();
let position = 1e15;
const normalizer = new Normalizer({
  hub: 'bench',
  nextPosition: () => ++position,
  maxLineBytes: 262_144,
  maxParsedChars: 2_097_152,
});

let payloadBytes = 0;
let wallMs = 0;
const cpu = { user: 0, system: 0 };
let done = 0;
for (const messages of generate(systems, SLICE, 1, total)) {
  const part = messages.slice(0, total - done);
  for (const { payload } of part) payloadBytes += payload.length + 1;
  const cpuBefore = process.cpuUsage();
  const before = performance.now();
  const receivedAtMs = Date.UTC(2026, 10, 20, 10) + done / 2;
  const events: LogEvent[] = [];
  for (const { subject, payload } of part)
    events.push(normalizer.fromPayload(payload.toString('utf8'), subject, Math.floor(receivedAtMs)));
  target.write(events);
  wallMs += performance.now() - before;
  const used = process.cpuUsage(cpuBefore);
  cpu.user += used.user;
  cpu.system += used.system;
  done += part.length;
  if (done >= total) break;
}
const cpuBefore = process.cpuUsage();
const before = performance.now();
target.close();
wallMs += performance.now() - before;
const used = process.cpuUsage(cpuBefore);
const cpuS = (cpu.user + cpu.system + used.user + used.system) / 1e6;
console.log(
  JSON.stringify({
    from,
    events: done,
    payload_bytes: payloadBytes,
    wall_s: wallMs / 1000,
    cpu_s: cpuS,
    file_bytes: statSync(file!).size,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
  }),
);
