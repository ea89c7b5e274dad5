import { describe, expect, test } from 'vitest';
import type { Fields } from '../event.ts';
import { compileFilter } from './compile.ts';
import { createEvent, type EventParts, nativeRegex } from './event.fixture.ts';
import { FilterSyntaxError } from './filter-syntax-error.ts';
import { parseFilter } from './parse.ts';

function matches(filter: string, event: string | EventParts): boolean {
  return compileFilter(filter, { regex: nativeRegex }).matches(createEvent(event));
}

type Case = readonly [filter: string, event: string | EventParts, expected: boolean];

const fields = (given: Fields): EventParts => ({ fields: given });

// biome-ignore format: a table
const words: readonly Case[] = [
  ['', 'anything', true],
  ['*', '', true],
  ['-*', 'anything', false],
  ['timeout', 'connect timeout after 5s', true],
  ['TimeOut', 'CONNECT TIMEOUT', true],
  ['time', 'connect timeout', false],
  ['time', 'timeouts timeout time', true],
  ['out', 'timeout', false],
  ['time*', 'connect timeout', true],
  ['time*', 'downtime', false],
  ['*out', 'timeout after', true],
  ['*time', 'timeout', false],
  ['*meo*', 'timeout', true],
  ['_id', 'user_id', false],
  ['user_id', 'user_id=4', true],
  ['5', 'after 5s', false],
  ['5s', 'after 5s.', true],
  ['foo-bar', 'a foo-bar b', true],
  ['foo-bar', 'a foo bar b', false],
  ['foo-bar', 'a xfoo-bar b', false],
  ['foo-bar', 'a foo-bars b', false],
  ['foo-bar*', 'a foo-bars b', true],
  ['10.0.0.5:5432', 'dial tcp 10.0.0.5:5432: refused', true],
  ['10.0.0.5:5432', 'dial tcp 110.0.0.5:5432', false],
  ['[worker', 'x[worker] up', true],
  ['[worker', '[workers]', false],
  ['worker]', 'coworker]', false],
  ['=>', 'a=>b', true],
  ['tokio::net', 'at tokio::net::tcp', true],
  ['https://fly.io', 'see https://fly.io/docs', true],
  ['über', 'ÜBER alles', true],
  ['ber', 'über', false],
  ['caf', 'café', false],
  ['cafe', 'cafe\u0301', false],
  ['日本', '日本語', false],
  ['日本*', '日本語', true],
  ['東京', 'in 東京 today', true],
  ['a', '\u{1D49C}a', false],
  ['a', 'a\u{1D49C}', false],
  ['a', '\u{1F600}a\u{1F600}', true],
  ['ошибка', 'ОШИБКА: нет', true],
  ['aa-aa-a', 'aa-aa-aa-aa-a', true],
  ['red', '\x1b[31mred\x1b[0m', true],
  ['31mred', '\x1b[31mred\x1b[0m', false],
  ['not', 'not found', true],
  ['error', '', false],
];

// biome-ignore format: a table
const phrases: readonly Case[] = [
  ['"connect time"', 'Connect TIMEOUT', true],
  ['"connect  time"', 'connect time', false],
  ['"say \\"hi\\""', 'they say "hi"', true],
  ['"C:\\temp"', 'in c:\\temp\\x', true],
  ['"a\\\\b"', 'a\\b', true],
  ['"or"', 'for', true],
  ['/Time.ut/', 'a Timeout', true],
  ['/Time.ut/', 'a timeout', false],
  ['/Time.ut/i', 'a timeout', true],
  ['/^GET \\/api/', 'GET /api/x', true],
  ['/^red$/', '\x1b[31mred\x1b[0m', true],
  ['/^Red$/', '\x1b[31mRed\x1b[0m', true],
];

// biome-ignore format: a table
const logic: readonly Case[] = [
  ['a b', 'a b', true],
  ['a b', 'a', false],
  ['a AND b', 'b a', true],
  ['a or b', 'b', true],
  ['a b or c', 'c', true],
  ['a or b c', 'a', true],
  ['(a or b) c', 'a', false],
  ['a -b', 'a', true],
  ['a -b', 'a b', false],
  ['-(a b)', 'a', true],
  ['-(a or b)', 'b', false],
  ['-(-a)', 'a', true],
  ['a b c', 'a b c', true],
  ['a b c', 'a c', false],
  ['a or b or c', 'c', true],
  ['a or b or c', 'd', false],
  ['/x/ app:web', { app: 'web', message: 'x' }, true],
];

// biome-ignore format: a table
const record: readonly Case[] = [
  ['app:web', { app: 'web' }, true],
  ['app:WEB', { app: 'Web' }, true],
  ['app:web', { app: 'web-2' }, false],
  ['app:web', { app: 'my-web' }, false],
  ['app:web', { fields: { app: 'web' } }, false],
  ['app:web*', { app: 'web-2' }, true],
  ['app:web*', { app: 'my-web' }, false],
  ['app:*web', { app: 'My-Web' }, true],
  ['app:*b-*', { app: 'web-2' }, true],
  ['app:"EB-"', { app: 'web-2' }, true],
  ['app:/^w.b$/', { app: 'web' }, true],
  ['app:*', { app: '' }, true],
  ['app:*', {}, false],
  ['-app:*', {}, true],
  ['-app:web', {}, true],
  ['app:>v', { app: 'Web' }, true],
  ['app:é', { app: 'É' }, true],
  ['instance:a', { instance: 'a' }, true],
  ['region:ams', { region: 'ams' }, true],
  ['host:web-1', { host: 'web-1' }, true],
  ['provider:app', { provider: 'app' }, true],
  ['source:HttpLogger', { source: 'httplogger' }, true],
  ['id:0000000lfls-h7c2d', {}, true],
  ['id:>0000000lfl', {}, true],
  ['id:0000000lflt-h7c2d', {}, false],
  ['App:web', { app: 'web' }, false],
  ['level:error', { level: 'error' }, true],
  ['level:ERR', { level: 'error' }, true],
  ['level:"warning"', { level: 'warn' }, true],
  ['level:error', { level: 'fatal' }, false],
  ['level:>=warn', { level: 'fatal' }, true],
  ['level:>=warn', { level: 'warn' }, true],
  ['level:>warn', { level: 'warn' }, false],
  ['level:<info', { level: 'debug' }, true],
  ['level:<=critical', { level: 'fatal' }, true],
  ['level:*', {}, true],
  ['level:/^(warn|info)$/', { level: 'info' }, true],
  ['level:*r*', { level: 'warn' }, true],
  ['message:timeout', 'a timeout', true],
  ['message:time', 'a timeout', false],
  ['message:"a time"', 'A timeout', true],
  ['message:/A t/', 'A timeout', true],
  ['message:*', '', true],
  ['message:>b', 'c', true],
  ['message:>9', '10', true],
  ['time:2026-11-20T10:15:02.252022967Z', {}, true],
  ['time:2026-11-20T11:15:02.252022967+01:00', {}, true],
  ['time:2026-11-20T10:15:02.252Z', {}, false],
  ['time:>2026-11-20T10:15:02.252022966Z', {}, true],
  ['time:>2026-11-20T10:15:02.252022967Z', {}, false],
  ['time:>=2026-11-20T10:15:02.252022967Z', {}, true],
  ['time:<2026-11-21', {}, true],
  ['time:>"2026-11-20 10:15"', {}, true],
  ['time:<1763633702', {}, false],
  ['time:2026-11-20T10*', {}, true],
  ['receivedAt:2026-11-20T10:15:03Z', {}, true],
  ['receivedAt:>2026-11-20T10:15:02.999999999Z', {}, true],
  ['receivedAt:*15:03.000Z', {}, true],
];

// biome-ignore format: a table
const parsed: readonly Case[] = [
  ['status:500', fields({ status: 500 }), true],
  ['status:500', fields({ status: '500' }), true],
  ['status:500', fields({ status: '500.0' }), true],
  ['status:5e2', fields({ status: 500 }), true],
  ['status:500', fields({ status: 5000 }), false],
  ['status:5', fields({ status: 1.5 }), false],
  ['status:5', fields({ status: '1.5' }), false],
  ['status:500', fields({ status: 'got 500 back' }), true],
  ['status:500', 'GET / status=500', true],
  ['status:>=500', 'GET / status=503', true],
  ['status:>500', fields({ status: 1000 }), true],
  ['status:>500', fields({ status: '1000' }), true],
  ['status:<500', fields({ status: '1000' }), false],
  ['status:>500', fields({ status: 'abc' }), true],
  ['status:>abc', fields({ status: 'ABD' }), true],
  ['status:<=-1', fields({ status: -1 }), true],
  ['status:>500', fields({}), false],
  ['status:>500', fields({ status: null }), false],
  ['status:>500', fields({ status: { a: 1 } }), false],
  ['status:>500', fields({ status: true }), true],
  ['status:5*', fields({ status: 503 }), true],
  ['status:5*', fields({ status: 1.5 }), false],
  ['status:*3', fields({ status: 503 }), true],
  ['status:"50"', fields({ status: 503 }), true],
  ['status:/^5\\d\\d$/', fields({ status: 503 }), true],
  ['id2:12345678901234567890', fields({ id2: '12345678901234567890' }), true],
  ['id2:12345678901234567890', fields({ id2: '12345678901234567891' }), false],
  ['err:refused', fields({ err: 'Connection Refused' }), true],
  ['err:refuse', fields({ err: 'connection refused' }), false],
  ['err:refuse*', fields({ err: 'connection refused' }), true],
  ['err:"n ref"', fields({ err: 'Connection refused' }), true],
  ['err:Éa', fields({ err: 'éA' }), true],
  ['err:red', fields({ err: '\x1b[31mred\x1b[0m' }), true],
  ['name:web', fields({ name: 'web-2' }), true],
  ['ok:true', fields({ ok: true }), true],
  ['ok:FALSE', fields({ ok: false }), true],
  ['ok:true', fields({ ok: false }), false],
  ['ok:t*', fields({ ok: true }), true],
  ['x:*', fields({ x: 0 }), true],
  ['x:*', fields({ x: '' }), true],
  ['x:*', fields({ x: null }), false],
  ['x:*', fields({}), false],
  ['x:*', fields({ x: {} }), true],
  ['x:*', fields({ x: [] }), true],
  ['x:null', fields({ x: null }), false],
  ['x:a', fields({ x: { a: 'a' } }), false],
  ['x:object', fields({ x: {} }), false],
  ['tags:b', fields({ tags: ['a', 'b'] }), true],
  ['tags:c', fields({ tags: ['a', 'b'] }), false],
  ['tags:>5', fields({ tags: [1, 9] }), true],
  ['tags:b', fields({ tags: [['b']] }), false],
  ['tags.1:b', fields({ tags: ['a', 'b'] }), true],
  ['tags.length:2', fields({ tags: ['a', 'b'] }), false],
  ['-tags:b', fields({ tags: ['a', 'b'] }), false],
  ['user.id:42', fields({ user: { id: 42 } }), true],
  ['user.id:42', fields({ 'user.id': 42 }), true],
  ['user.id:42', fields({ 'user.id': 42, user: { id: 1 } }), true],
  ['user.id:1', fields({ 'user.id': 42, user: { id: 1 } }), false],
  ['a.b.c:1', fields({ 'a.b': { c: 1 } }), true],
  ['a.b.c:1', fields({ a: { 'b.c': 1 } }), true],
  ['a.b.c:1', fields({ 'a.b': { d: 1 }, a: { b: { c: 1 } } }), true],
  ['a.b.c:1', fields({ 'a.b': { c: 2 }, a: { b: { c: 1 } } }), false],
  ['user.id:42', fields({ user: 'id' }), false],
  ['user.id:42', fields({ user: null }), false],
  ['user.length:4', fields({ user: 'four' }), false],
  ['fields.level:loud', fields({ level: 'loud' }), true],
  ['fields.app:other', { app: 'web', fields: { app: 'other' } }, true],
  ['fields.a.b:1', fields({ a: { b: 1 } }), true],
  ['Status:500', fields({ status: 500 }), false],
  ['k8s.io/name:web', fields({ 'k8s.io/name': 'web' }), true],
  ['@ts:1', fields({ '@ts': 1 }), true],
];

// biome-ignore format: a table
const hostile: readonly Case[] = [
  ['constructor:*', fields({}), false],
  ['toString:*', fields({}), false],
  ['__proto__:*', fields({}), false],
  ['__proto__.polluted:*', fields({}), false],
  ['a.constructor.name:Object', fields({ a: {} }), false],
  ['a.__proto__:*', fields({ a: {} }), false],
  ['tags.map:*', fields({ tags: [] }), false],
  ['__proto__:x', fields(JSON.parse('{"__proto__":"x"}')), true],
  ['__proto__.a:1', fields(JSON.parse('{"__proto__":{"a":1}}')), true],
  ['constructor:x', fields({ constructor: 'x' }), true],
  ['hasOwnProperty:x', fields({ hasOwnProperty: 'x' }), true],
];

describe.each([
  ['words', words],
  ['phrases and regular expressions', phrases],
  ['operators', logic],
  ['fields of the record', record],
  ['parsed fields', parsed],
  ['names that reach for prototypes', hostile],
])('%s', (_, cases) => {
  test.each(cases)('%j on %j: %j', (filter, event, expected) => {
    expect(matches(filter, event)).toBe(expected);
  });
});

test('a compiled filter has the canonical text as its key, from text and tree alike', () => {
  const fromText = compileFilter('( a AND b )', { regex: nativeRegex });
  expect(fromText.key).toBe('a b');
  const fromTree = compileFilter(JSON.parse(JSON.stringify(parseFilter('a b'))), { regex: nativeRegex });
  expect(fromTree.key).toBe('a b');
  expect(fromTree.matches(createEvent('b a'))).toBe(true);
});

test('an expression that the engine refuses is a syntax error at its place', () => {
  let thrown: unknown;
  try {
    compileFilter('a err:/(/', { regex: nativeRegex });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(FilterSyntaxError);
  const error = thrown as FilterSyntaxError;
  expect(error.position).toEqual({ start: 6, end: 9 });
  expect(error.message).toMatch(/`\(` is no regular expression.*correct it/);
  expect(error.cause).toBeInstanceOf(SyntaxError);
});

test('the engine gets the pattern without the backslash before a slash, and whether case counts', () => {
  const asked: unknown[] = [];
  const regex = (source: string, flags: { ignoreCase: boolean }) => {
    asked.push([source, flags.ignoreCase]);
    return { test: () => true };
  };
  compileFilter('/a\\/b/ or x:/\\d/i', { regex });
  expect(asked).toEqual([
    ['a/b', false],
    ['\\d', true],
  ]);
});

test('cheap terms are tried before an expression, whatever their order', () => {
  let runs = 0;
  const regex = () => ({ test: () => ++runs > 0 });
  const filter = compileFilter('/slow/ app:web', { regex });
  expect(filter.matches(createEvent({ app: 'db' }))).toBe(false);
  expect(runs).toBe(0);
  expect(filter.matches(createEvent({ app: 'web' }))).toBe(true);
  expect(runs).toBe(1);
});
