import { expect, test } from 'vitest';
import { makeEvent } from './event.fixture.ts';
import { EventBuffer } from './event-buffer.ts';
import { RingBuffer } from './ring-buffer.ts';

test('the newest items are held, each under the index that it got', () => {
  const ring = new RingBuffer<string>(3);
  expect(['a', 'b', 'c', 'd', 'e'].map((item) => ring.push(item))).toEqual([undefined, undefined, undefined, 'a', 'b']);
  expect([ring.first, ring.end, ring.size]).toEqual([2, 5, 3]);
  expect([1, 2, 3, 4, 5].map((index) => ring.at(index))).toEqual([undefined, 'c', 'd', 'e', undefined]);
  expect(ring.shift()).toBe('c');
  expect(ring.size).toBe(2);
});

test.each([0, -1, 1.5, Number.NaN])('a capacity of %s is refused', (capacity) => {
  expect(() => new RingBuffer(capacity)).toThrow(/positive whole number/);
});

const bounds = { maxEntries: 100, maxAgeMs: 60_000, maxChars: 10_000 };

test('the buffer is bounded by count, and knows what has left', () => {
  const buffer = new EventBuffer({ ...bounds, maxEntries: 3 }, 10);
  expect([buffer.headPosition, buffer.evictedTo]).toEqual([10, 10]);
  for (let position = 11; position <= 15; position++) buffer.push(makeEvent(position));
  expect([...buffer.events()].map((event) => event.position)).toEqual([13, 14, 15]);
  expect([buffer.headPosition, buffer.evictedTo]).toEqual([15, 12]);
});

test('the buffer is bounded by age of arrival, also when nothing more comes', () => {
  const buffer = new EventBuffer(bounds, 0);
  buffer.push(makeEvent(1, 'old', 1000));
  buffer.push(makeEvent(2, 'new', 50_000));
  buffer.sweep(61_001);
  expect([...buffer.events()].map((event) => event.message)).toEqual(['new']);
  buffer.sweep(1_000_000);
  expect(buffer.size).toBe(0);
  expect([buffer.headPosition, buffer.evictedTo]).toEqual([2, 2]);
});

test('the buffer is bounded by characters, but always holds the newest event', () => {
  const buffer = new EventBuffer(bounds, 0);
  for (let position = 1; position <= 10; position++) buffer.push(makeEvent(position, 'x'.repeat(4000)));
  expect(buffer.size).toBe(2);
  buffer.push(makeEvent(11, 'x'.repeat(50_000)));
  expect(buffer.size).toBe(1);
  expect(buffer.chars).toBe(50_000);
});

test('the place after a position is found by bisection', () => {
  const buffer = new EventBuffer({ ...bounds, maxEntries: 5 }, 0);
  for (let position = 1; position <= 8; position++) buffer.push(makeEvent(position));
  const places = [0, 3, 4, 5, 8, 100].map((position) => buffer.at(buffer.indexAfter(position))?.position);
  expect(places).toEqual([4, 4, 5, 6, undefined, undefined]);
});
