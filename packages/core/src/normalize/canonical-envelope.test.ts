import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinEnvelope } from '../event.ts';
import { parseTime } from '../time.ts';
import { CanonicalEnvelopeReader } from './canonical-envelope.ts';
import { recognizeEnvelope } from './shapes.ts';

const envelope = (message: unknown, more: object = {}) => ({
  event: { provider: 'app' },
  fly: { app: { instance: '4d891d77b05118', name: 'acme-web' }, region: 'iad' },
  host: 'f442',
  log: { level: 'info' },
  message,
  timestamp: '2026-11-20T10:15:02.252022967Z',
  ...more,
});

/** What the ordinary way makes of a text; undefined where it is no envelope. */
function ordinary(text: string): object | undefined {
  try {
    const object: unknown = JSON.parse(text);
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return undefined;
    const draft = recognizeEnvelope(object as { [key: string]: unknown });
    return draft && { ...draft, parsedTime: parseTime(draft.time) };
  } catch {
    return undefined;
  }
}

/** Reads twice with one subject, so that the remembered beginning is used too. */
function read(
  text: string,
  reader = new CanonicalEnvelopeReader(recognizeEnvelope),
  subject: object = {},
): object | undefined {
  const first = reader.read(text, subject);
  expect(reader.read(text, subject)).toEqual(first);
  if (first === undefined) return undefined;
  const { rawHead, ...draft } = first;
  // From its beginning, its message and its time the payload can be made again, byte for byte.
  if (rawHead !== undefined) expect(joinEnvelope(rawHead, draft.message as string, draft.time as string)).toBe(text);
  return draft;
}

test('the envelope as Fly sends it is read, whatever the message holds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.json()), (message) => {
      const text = JSON.stringify(envelope(message));
      if (message === '') return;
      expect(read(text)).toEqual(ordinary(text));
      expect(read(text)).toBeDefined();
    }),
    { numRuns: 3000 },
  );
});

test('where it says anything, it says what JSON.parse would, on damaged and rearranged envelopes too', () => {
  const reader = new CanonicalEnvelopeReader(recognizeEnvelope);
  const subject = {};
  const pieces = [
    '"',
    '\\',
    '\\"',
    '","timestamp":"',
    '"},"message":"',
    '}',
    '{',
    '\n',
    '\u0001',
    ',',
    '2026-11-20T10:15:02Z',
    '\\u0041',
    'x',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 6 }).map((parts) => parts.join('')),
      fc.nat(400),
      fc.nat(8),
      (insert, at, cut) => {
        const whole = JSON.stringify(envelope('a "quoted" line'));
        const text = whole.slice(0, at) + insert + whole.slice(at + cut);
        const fast = read(text, reader, subject);
        if (fast !== undefined) expect(fast).toEqual(ordinary(text));
      },
    ),
    { numRuns: 20_000 },
  );
});

test.each([
  ['another order', JSON.stringify({ timestamp: '2026-11-20T10:15:02Z', message: 'x', fly: {} })],
  ['blanks', JSON.stringify(envelope('x'), undefined, 1)],
  ['a key after the timestamp', JSON.stringify(envelope('x', { zone: 1 }))],
  ['a raw control character', JSON.stringify(envelope('x@y')).replace('@', '\u0001')],
  ['a second message', JSON.stringify(envelope('x')).replace('"message"', '"message":1,"message"')],
  ['a message that is no string', JSON.stringify(envelope({ a: 'b' }))],
  ['an odd time', JSON.stringify(envelope('x', { timestamp: 'yesterday' }))],
  ['structure beside the message', JSON.stringify({ error: { code: 1 }, ...envelope('x') })],
])('%s is left to the ordinary way', (_, text) => {
  expect(read(text)).toBeUndefined();
});

test('an envelope that escapes more than it must is read, and says that it cannot be made again', () => {
  const reader = new CanonicalEnvelopeReader(recognizeEnvelope);
  const text = JSON.stringify(envelope('a/b')).replace('a/b', 'a\\/b');
  expect(reader.read(text, {})).toMatchObject({ message: 'a/b', rawHead: undefined });
});

test('labels of one level are not given to lines of another', () => {
  const reader = new CanonicalEnvelopeReader(recognizeEnvelope);
  const subject = {};
  for (const level of ['info', 'error', 'warn', 'debug', 'fatal', 'info', 'error']) {
    const text = JSON.stringify({ ...envelope('x'), log: { level } });
    expect(reader.read(text, subject)).toMatchObject({ level });
  }
});
