import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type LogEvent, Normalizer } from '@flywatch/core';
import { expect, test } from 'vitest';
import { HttpError } from '../../errors.ts';
import { readBody } from './body.ts';
import { BodyReader } from './body-reader.ts';
import { HttpIngest, type Keeper } from './http-ingest.ts';
import { SECTIONS_TYPE } from './sections.ts';

const MB = 1024 * 1024;

const UNSEEN: Keeper = {
  mark: () => {},
  durable: async () => {},
  batch: async () => undefined,
  isBehind: () => false,
};

function setup({ maxEvents = 100, maxElementBytes = 8192, keeper = UNSEEN } = {}) {
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
    keeper,
    durablePatienceMs: 1000,
    bodies: new BodyReader({
      maxPackedBytes: 16 * MB,
      maxUnpackedBytes: 64 * MB,
      maxInFlightBytes: 32 * MB,
      batchIdMaxChars: 100,
    }),
    maxEvents,
    maxElementBytes,
    batchIdsKept: 10,
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

const SECTIONS = { 'content-type': SECTIONS_TYPE };

test('lines of sections are taken as they stand, under the labels of their section', async () => {
  const { events, take } = setup();
  const body = [
    '{"lines":2,"app":"shop","host":"web-1","source":"app.log"}',
    '{"level":50,"time":1,"msg":"boom","hostname":"7f3a","name":"api"}',
    '{"lines":99}',
    '{"lines":0,"app":"nobody"}',
    '{"lines":1,"app":"proxy","host":"web-1","source":"access.log"}',
    '',
    '',
  ].join('\n');
  expect(await take(body, SECTIONS)).toEqual({ accepted: 3, duplicate: false });
  expect(events.map(({ app, host, source, message }) => [app, host, source, message])).toEqual([
    ['shop', 'web-1', 'api', 'boom'],
    ['shop', 'web-1', 'app.log', '{"lines":99}'],
    ['proxy', 'web-1', 'access.log', ''],
  ]);
});

test('of a batch that was taken in part, the rest is taken under the right labels, lost lines counted', async () => {
  const keeper = { ...UNSEEN, batch: async () => ({ taken: 3, complete: false }) };
  const { events, take } = setup({ keeper });
  const body = '{"lines":2,"app":"a","lost":true}\n{"lines":2,"app":"b"}\n1\n2\n{"lines":1,"app":"c"}\n3\n';
  expect(await take(body, { ...SECTIONS, 'batch-id': 'agent/a/b/1/0' })).toMatchObject({ accepted: 5 });
  expect(events.map(({ app, message }) => [app, message])).toEqual([
    ['b', '2'],
    ['c', '3'],
  ]);
});

test.each([
  ['a line where a header should be', 'hello\n', 'bad_json', /line 1 of the body has to say how many lines follow/],
  ['a header without a number', '{"lines":"2"}\n', 'bad_json', /line 1/],
  ['fewer lines than were announced', '{"lines":2}\none\n', 'bad_json', /ends 1 lines before its last section/],
  ['more lines than a batch may have', '{"lines":1000000000,"lost":true}\n', 'too_large', /more than 100 events/],
])('sections with %s are refused, and nothing of them is taken', async (_, body, code, message) => {
  const { events, take } = setup();
  await expect(take(body, SECTIONS)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  expect(events).toEqual([]);
});
