import { expect, test } from 'vitest';
import { JsonWriter } from './json-writer.ts';
import { Redaction, type RedactOptions } from './redaction.ts';

const write = (fields: object, redact?: RedactOptions | false) =>
  JSON.parse(`{${new JsonWriter(new Redaction(redact)).entries(fields as never)}}`) as Record<string, unknown>;

test('what JSON can say is said as JSON.stringify says it', () => {
  const fields = {
    text: 'a "quote", a \\, a\nbreak, \u0000, ünï, 😀',
    numbers: [0, -1.5, 1e21],
    yes: true,
    nothing: null,
    gone: undefined,
    call: () => 1,
    symbol: Symbol('x'),
    date: new Date(0),
    nested: { a: [{ b: [undefined, null] }] },
    json: { toJSON: () => ({ shown: 1 }) },
    url: new URL('https://example.org/a'),
    'odd "key"': 1,
  };
  expect(write(fields)).toEqual(JSON.parse(JSON.stringify(fields)));
});

test('a lone surrogate becomes an escape, so that the line stays valid UTF-8', () => {
  const json = new JsonWriter(new Redaction()).entries({ a: '\ud83d' });
  expect(Buffer.from(json).toString()).toBe(json);
});

test('what JSON cannot say is said in words', () => {
  expect(
    write({
      big: 12345678901234567890n,
      nan: Number.NaN,
      infinite: -Infinity,
      bytes: new Uint8Array(12),
      set: new Set([1, 'a']),
      map: new Map<unknown, unknown>([
        ['__proto__', 1],
        [2, 'b'],
      ]),
      never: new Date(Number.NaN),
    }),
  ).toEqual({
    big: '12345678901234567890',
    nan: 'NaN',
    infinite: '-Infinity',
    bytes: '[Uint8Array: 12 bytes]',
    set: [1, 'a'],
    map: JSON.parse('{"__proto__":1,"2":"b"}'),
    never: 'Invalid Date',
  });
});

test('cycles, getters that throw, and proxies that say nothing are named and hurt nobody', () => {
  const cycle: Record<string, unknown> = { a: 1 };
  cycle.self = cycle;
  cycle.list = [cycle];
  expect(write(cycle)).toEqual({ a: 1, self: '[circular]', list: ['[circular]'] });
  const shared = { x: 1 };
  expect(write({ one: shared, two: shared })).toEqual({ one: shared, two: shared });
  const mean = {
    get a() {
      throw new Error('no');
    },
    get b() {
      throw { toString: null };
    },
    c: {
      toJSON: () => {
        throw new Error('never');
      },
    },
    d: new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('keys');
        },
      },
    ),
    e: 2,
  };
  expect(write(mean)).toEqual({
    a: '[unreadable: no]',
    b: '[unreadable: [object Object]]',
    c: '[unreadable: never]',
    d: '[unreadable: keys]',
    e: 2,
  });
});

test('depth, entries and characters are bounded, and what is left out is counted', () => {
  let deep: object = {};
  for (let i = 0; i < 100; i++) deep = { deep };
  expect(JSON.stringify(write({ deep }))).toContain('"[object]"');
  const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i]));
  expect(write(wide)).toMatchObject({ k199: 199, '…': '800 more' });
  expect((write({ list: Array(1000).fill(1) }).list as unknown[]).at(-1)).toBe('… 800 more');
  expect(write({ text: 'x'.repeat(100_000) }).text).toMatch(/^x{32768}… \[67232 characters cut\]$/);
  const texts = Array.from({ length: 50 }, () => 'y'.repeat(10_000));
  expect(JSON.stringify(write({ texts })).length).toBeLessThan(80_000);
  expect(write({ text: `${'x'.repeat(32_767)}😀` }).text).toMatch(/x… \[2 characters cut\]$/);
});

test('values under secret names are left out at any depth, in any spelling', () => {
  const secret = 's3cr3t';
  const fields = {
    password: secret,
    user: { 'Api-Key': secret, access_token: { value: secret }, name: 'ann' },
    headers: [{ Authorization: secret, 'Set-Cookie': [secret] }],
    PIN: secret,
  };
  const text = JSON.stringify(write(fields, { keys: ['p_i_n'] }));
  expect(text).not.toContain(secret);
  expect(text).toContain('"name":"ann"');
  expect(JSON.stringify(write(fields, false))).toContain(secret);
});

test('values at named paths are left out, with * for any name and any index', () => {
  const fields = {
    user: { email: 'a@b', id: 1 },
    items: [
      { card: 1, n: 2 },
      { card: 3, n: 4 },
    ],
    other: { x: { y: 1 } },
  };
  expect(write(fields, { paths: ['user.email', 'items.*.card', 'other.*.y', 'not.there'] })).toEqual({
    user: { email: '[redacted]', id: 1 },
    items: [
      { card: '[redacted]', n: 2 },
      { card: '[redacted]', n: 4 },
    ],
    other: { x: { y: '[redacted]' } },
  });
});

test.each([
  ['Authorization: Bearer abcdef.123456', 'abcdef'],
  ['basic dXNlcjpwYXNz c', 'dXNlcjpwYXNz'],
  ['postgres://app:hunter22@db:5432/shop', 'hunter22'],
  ['GET /a?access_token=abc123&x=1', 'abc123'],
  ['password=abc123', 'abc123'],
  ['FlyV1 fm2_lJPECAAAAAAAAx1Cdef', 'lJPECAAAAAAAAx1C'],
  ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-def', 'eyJzdWIiOiIxMjM0In0'],
  [`key sk-${'a1'.repeat(12)}`, 'a1a1a1'],
  [`ghp_${'Ab12'.repeat(9)}`, 'Ab12Ab12'],
  ['AKIAIOSFODNN7EXAMPLE', 'IOSFODNN7'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
])('in the text %j the credential is left out', (text, secret) => {
  const writer = new JsonWriter(new Redaction());
  expect(writer.text(text)).toContain('[redacted]');
  expect(writer.text(text)).not.toContain(secret);
  expect(new JsonWriter(new Redaction({ texts: false })).text(text)).toContain(secret.slice(0, 3));
});

test.each(['a = b', 'mail to a@b.c', 'https://example.org/a?b=c', 'task-list', 'the year is 2026'])(
  'the text %j stays as it is',
  (text) => {
    expect(new JsonWriter(new Redaction()).text(text)).toBe(JSON.stringify(text));
  },
);
