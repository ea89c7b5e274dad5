import type { FlatEvent } from '@flywatch/core';
import { ChunkedList, lineItem, type StreamItem } from '@flywatch/react';
import { expect, test } from 'vitest';
import { FeedBounds } from './feed-bounds.ts';

const time = '2026-11-21T02:40:52.113Z';
const item = (number: number): StreamItem => {
  const id = `${String(number).padStart(11, '0')}-ab12z`;
  const event: FlatEvent = { id, time, receivedAt: time, level: 'info', message: `${number}` };
  return lineItem(event);
};
const items = (from: number, count: number) => Array.from({ length: count }, (_, i) => item(from + i));

test('whole pages of history go first, the oldest of them first, and reading goes on where the last one began', () => {
  const bounds = new FeedBounds(25);
  bounds.addPage(undefined, 10);
  bounds.addPage('cursor-2', 10);
  bounds.addPage('cursor-3', 10);
  const list = ChunkedList.from(items(0, 30));
  const cut = bounds.trim(list, 30)!;
  expect([cut.lines, cut.items.first, cut.until]).toEqual([20, 10, undefined]);
  expect(bounds.olderCursor).toBe('cursor-3');
});

test('then live lines go, and history has everything up to the newest of them', () => {
  const bounds = new FeedBounds(5_000);
  bounds.addPage(undefined, 10);
  const cut = bounds.trim(ChunkedList.from(items(0, 6_000)), 6_000)!;
  expect(cut.items.first).toBe(2_010);
  expect(cut.until).toBe('00000002009-ab12z');
  expect(bounds.olderCursor).toBeUndefined();
});

test('a list within its bound stays as it is', () => {
  expect(new FeedBounds(30).trim(ChunkedList.from(items(0, 30)), 30)).toBeUndefined();
});
