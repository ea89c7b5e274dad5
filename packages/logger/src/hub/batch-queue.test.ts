import { expect, test } from 'vitest';
import { BatchQueue } from './batch-queue.ts';

const LINE = `${'x'.repeat(99_999)}\n`;

const createQueue = (maxChars = 1_000_000) =>
  new BatchQueue({ run: 'run', maxChars, notice: (lines) => `dropped ${lines}\n` });

test('lines are batched in order, each batch under an id of its own', () => {
  const queue = createQueue();
  for (const line of ['a\n', 'b\n']) queue.push(line);
  const first = queue.take()!;
  expect(first).toEqual({ id: 'run-1', text: 'a\nb\n', lines: 2, stoodFor: 0 });
  queue.push('c\n');
  // Until it is settled the same batch is sent.
  expect(queue.take()).toBe(first);
  queue.settle(first, true);
  expect(queue.take()).toMatchObject({ id: 'run-2', text: 'c\n' });
});

test('beyond the bound the oldest go, but not what is on its way; the next batch tells how many', () => {
  const queue = createQueue(700_000);
  for (let i = 0; i < 3; i++) queue.push(LINE);
  const sending = queue.take()!;
  for (let i = 0; i < 12; i++) queue.push(LINE);
  expect(queue.take()).toBe(sending);
  const lost = queue.linesDropped;
  expect(lost).toBeGreaterThan(0);
  expect(queue.linesWaiting + lost).toBe(15);
  queue.settle(sending, true);
  let told = 0;
  let lines = 0;
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    told += batch.stoodFor;
    lines += batch.lines;
    queue.settle(batch, true);
  }
  expect(told).toBe(lost);
  expect(lines).toBe(12 - lost);
});

test('a notice that is dropped itself is told again with the next one', () => {
  const queue = createQueue(700_000);
  for (let i = 0; i < 30; i++) queue.push(LINE);
  let told = 0;
  for (let batch = queue.take(); batch !== undefined; batch = queue.take()) {
    told += batch.stoodFor;
    queue.settle(batch, true);
  }
  expect(queue.linesDropped).toBeGreaterThan(20);
  expect(told).toBe(queue.linesDropped);
});

test('a batch that is too large becomes two, with ids of their own; one line that is too large goes', () => {
  const queue = createQueue();
  for (const line of ['a\n', 'b\n', 'c\n']) queue.push(line);
  queue.split(queue.take()!);
  const half = queue.take()!;
  expect(half).toMatchObject({ id: 'run-2', text: 'a\nb\n', lines: 2 });
  queue.settle(half, true);
  const last = queue.take()!;
  expect(last.text).toBe('c\n');
  queue.split(last);
  expect([queue.isEmpty, queue.linesDropped]).toEqual([true, 1]);
});
