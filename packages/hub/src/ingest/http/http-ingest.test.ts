import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { LogEvent } from '@flywatch/core';
import { expect, test } from 'vitest';
import { HttpError } from '../../errors.ts';
import { Normalizer } from '../../normalize/normalizer.ts';
import { readBody } from './body.ts';
import { HttpIngest } from './http-ingest.ts';

const MB = 1024 * 1024;

function setup({ maxEvents = 100, maxElementBytes = 8192 } = {}) {
  const events: LogEvent[] = [];
  let position = 0;
  const ingest = new HttpIngest({
    normalizer: new Normalizer({
      hub: 'test0',
      nextPosition: () => ++position,
      maxLineBytes: 1024,
      maxParsedChars: 8192,
    }),
    accept: (event) => events.push(event),
    keeper: { mark: () => {}, durable: async () => {}, batch: async () => undefined, isBehind: () => false },
    durablePatienceMs: 1000,
    maxPackedBytes: 16 * MB,
    maxUnpackedBytes: 64 * MB,
    maxEvents,
    maxElementBytes,
    maxInFlightBytes: 32 * MB,
    batchIdsKept: 10,
    batchIdMaxChars: 100,
  });
  const take = (body: string | Buffer | Readable, headers: Record<string, string> = {}) =>
    ingest.take({
      headers: { 'content-type': 'text/plain', ...headers },
      body: body instanceof Readable ? body : Readable.from([Buffer.from(body)]),
      envelope: { wins: false },
    });
  return { events, ingest, take };
}

test('a small body that unpacks to millions of lines is refused, and nothing of it is taken', async () => {
  const { events, take } = setup();
  const lines = gzipSync(Buffer.alloc(4 * MB, '\n'));
  await expect(take(lines, { 'content-encoding': 'gzip' })).rejects.toMatchObject({ code: 'too_large' });
  const elements = gzipSync(Buffer.concat([Buffer.from('['), Buffer.alloc(4 * MB, '1,')]));
  const json = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
  await expect(take(elements, json)).rejects.toMatchObject({ code: 'too_large' });
  expect(events).toEqual([]);
});

test('blank lines of NDJSON are not counted', async () => {
  const { take } = setup({ maxEvents: 2 });
  const body = `{"a":1}\n${'\n'.repeat(10_000)}{"a":2}\n`;
  expect(await take(body, { 'content-type': 'application/x-ndjson' })).toMatchObject({ accepted: 2 });
});

test('one element of a JSON document may not be larger than what a line can be', async () => {
  const { events, take } = setup();
  const json = { 'content-type': 'application/json' };
  const wide = `{"a":[${'{},'.repeat(4000)}{}]}`;
  await expect(take(wide, json)).rejects.toMatchObject({ code: 'too_large' });
  await expect(take('['.repeat(100_000), json)).rejects.toMatchObject({ code: 'too_large' });
  expect(events).toEqual([]);
  // As a line of text it is cut and kept, and no more of it was held than that.
  expect(await take(wide.repeat(100))).toMatchObject({ accepted: 1 });
  expect(events[0]?.message).toHaveLength(1024);
  expect(events[0]?.fields).toMatchObject({ _truncated: 8192 });
});

test('a client that goes away in the middle is a bad request, and gives its room back', async () => {
  const { ingest, take } = setup();
  for (const headers of [{}, { 'content-encoding': 'gzip' }] as Record<string, string>[]) {
    const body = new Readable({ read: () => {} });
    body.push(gzipSync('x'.repeat(1000)).subarray(0, 20));
    setImmediate(() => body.destroy(new Error('aborted')));
    const refusal = await take(body, { ...headers, 'content-length': String(16 * MB) }).catch((error) => error);
    expect(refusal).toBeInstanceOf(HttpError);
    expect(refusal.code).toBe('bad_request');
  }
  expect(ingest.counters.rejected).toBe(2);
  const lines = `${'x'.repeat(MB)}\n`.repeat(15);
  const both = [take(lines, { 'content-length': String(15 * MB) }), take(lines, { 'content-length': String(15 * MB) })];
  expect(await Promise.all(both)).toHaveLength(2);
});

test('a body in pieces of one byte becomes pieces of 64 KB, byte for byte the same', async () => {
  const whole = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i & 0xff));
  const bytes = Readable.from(Array.from(whole, (byte) => Buffer.from([byte])));
  const pieces: Buffer[] = [];
  for await (const piece of readBody(bytes, undefined, { maxPackedBytes: MB, maxUnpackedBytes: MB }))
    pieces.push(piece);
  expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  expect(pieces.length).toBeLessThanOrEqual(5);
});
