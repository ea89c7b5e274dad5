import type { FlatEvent } from '@flywatch/core';
import { expect, test } from 'vitest';
import { ChunkedList } from '../list/chunked-list.ts';
import { appendGrouped, groupLines, lineItem } from './group-lines.ts';
import type { StreamItem } from './items.ts';

let number = 0;

function event(message: string, instance = 'a', atMs = 0): FlatEvent {
  const time = new Date(1_795_000_000_000 + atMs).toISOString();
  return { id: `${++number}`, time, receivedAt: time, level: 'info', message, app: 'shop', instance };
}

const shape = (items: Iterable<StreamItem>) =>
  [...items].map((item) =>
    item.type === 'line' ? [item.event.message, ...item.more.map((line) => line.message)] : [],
  );

const TRACE = [event('Error: boom'), event('    at a (app.js:1)'), event('    at b (app.js:2)')];

test('the frames of a stack trace join its first line', () => {
  expect(shape(groupLines([event('before'), ...TRACE, event('after')]))).toEqual([
    ['before'],
    ['Error: boom', '    at a (app.js:1)', '    at b (app.js:2)'],
    ['after'],
  ]);
});

test('a trace that comes in two batches is one item, and the older list does not change', () => {
  const first = appendGrouped(ChunkedList.from<StreamItem>(), TRACE.slice(0, 2).map(lineItem));
  const second = appendGrouped(first, [lineItem(event('other', 'b')), lineItem(TRACE[2]!)]);
  expect(shape(second)).toEqual([['Error: boom', '    at a (app.js:1)', '    at b (app.js:2)'], ['other']]);
  expect(shape(first)).toEqual([['Error: boom', '    at a (app.js:1)']]);
});

test('traces of two instances that are printed at once do not mix', () => {
  const lines = [
    event('E1', 'a'),
    event('E2', 'b'),
    event('  at a1', 'a'),
    event('  at b1', 'b'),
    event('  at a2', 'a'),
  ];
  expect(shape(groupLines(lines))).toEqual([
    ['E1', '  at a1', '  at a2'],
    ['E2', '  at b1'],
  ]);
});

test('an indented line stands alone where nothing of its instance is near, or only long before', () => {
  expect(shape(groupLines([event('x', 'a'), event('  indented', 'b')]))).toHaveLength(2);
  expect(shape(groupLines([event('x', 'a', 0), event('  later', 'a', 5000)]))).toHaveLength(2);
});

test('nothing joins over a gap', () => {
  const gap: StreamItem = { type: 'gap', key: 'gap', count: 3, reason: 'lagged', url: undefined };
  const list = appendGrouped(ChunkedList.from<StreamItem>(), [lineItem(event('E')), gap, lineItem(event('  at x'))]);
  expect(list.length).toBe(3);
});
