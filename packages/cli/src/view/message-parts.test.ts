import { describe, expect, test } from 'vitest';
import { partsOf } from './message-parts.ts';
import type { ShownEvent } from './shown-event.ts';

const event = (parts: Partial<ShownEvent>): ShownEvent => ({
  time: '2026-11-20T10:15:00Z',
  level: 'info',
  message: '',
  ...parts,
});

const oneLine = (parts: Partial<ShownEvent>) => {
  const { text, pairs } = partsOf(event(parts));
  return [text, ...pairs.map(([key, value]) => `${key}=${value}`)].join(' ').trim();
};

// biome-ignore format: a table
test.each([
  [{ message: 'plain' }, 'plain'],
  [{ message: '{"level":30,"time":1,"pid":7,"hostname":"h","msg":"request done","ms":12}' }, 'request done ms=12'],
  [{ message: '{"a":1,"b":{"c":"x y","d":[1,2]}}' }, 'a=1 b.c="x y" b.d=[1,2]'],
  [{ message: '{"msg":"not JSON' }, '{"msg":"not JSON'],
  [{ message: 'GET /x 200 12ms', fields: { method: 'GET', path: '/x', statusCode: 200, duration: 12, userId: 'u1' } }, 'GET /x 200 12ms path=/x duration=12 userId=u1'],
  [{ message: 'done status=200 dur=5', fields: { status: 200, dur: 5 } }, 'done status=200 dur=5'],
  [{ message: 'x', fields: { _time: 'received', demo: true, _truncated: 9 } }, 'x _truncated=9'],
  [{ message: 'x', source: 'http', fields: { logger: 'http' } }, 'x'],
  [{ message: 'x', fields: { a: null, b: '', c: false } }, 'x c=false'],
  [{ message: 'x', fields: JSON.parse('{"__proto__":{"y":1}}') }, 'x __proto__.y=1'],
  [{ message: 'x', fields: { deep: { a: { b: { c: { d: 1 } } } } } }, 'x deep.a.b.c={"d":1}'],
] as const)('%j reads %j', (parts, shown) => expect(oneLine(parts)).toBe(shown));

describe('a stack trace', () => {
  const stack = 'Error: no stock\n    at buy (shop.js:1:2)';

  test('is a block, and what stands in it is not repeated', () => {
    const message = JSON.stringify({ msg: 'order failed', err: { type: 'Error', message: 'no stock', stack } });
    expect(partsOf(event({ message }))).toEqual({ text: 'order failed', pairs: [], blocks: [stack] });
  });

  test('that is the message itself stays there', () => {
    expect(partsOf(event({ message: stack, fields: { stack } }))).toEqual({ text: stack, pairs: [], blocks: [] });
  });
});

test('a dump of keys is cut at 32 pairs, and a long value at 200 characters', () => {
  const fields = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i]));
  expect(partsOf(event({ message: 'x', fields })).pairs).toHaveLength(32);
  expect(partsOf(event({ message: 'x', fields: { a: 'y'.repeat(999) } })).pairs[0]![1]).toHaveLength(201);
});
