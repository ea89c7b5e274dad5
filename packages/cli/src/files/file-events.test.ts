import { expect, test } from 'vitest';
import { FileEvents } from './file-events.ts';

function read(pieces: readonly string[]): { events: string[]; reader: FileEvents } {
  const events: string[] = [];
  const reader = new FileEvents((event) => events.push(event.toString()));
  for (const piece of pieces) reader.push(Buffer.from(piece));
  return { events, reader };
}

const TEXT = 'one\n{"a":1}\nError: x\n    at y\n    at z\nlast';
const EVENTS = ['one', '{"a":1}', 'Error: x\n    at y\n    at z', 'last'];

test('the events are the same wherever the bytes are divided', () => {
  for (let at = 0; at <= TEXT.length; at++) {
    const { events, reader } = read([TEXT.slice(0, at), TEXT.slice(at)]);
    reader.end();
    expect(events).toEqual(EVENTS);
  }
});

test('what may go on waits until it is settled, a line without an end until the end', () => {
  const { events, reader } = read(['Error: x\n']);
  expect(events).toEqual([]);
  reader.settle();
  expect(events).toEqual(['Error: x']);
  reader.push(Buffer.from('half'));
  reader.settle();
  expect(events).toHaveLength(1);
  reader.end();
  expect(events).toEqual(['Error: x', 'half']);
});

test('a line without an end does not grow without one', () => {
  const { events } = read(Array.from({ length: 10 }, () => 'x'.repeat(1024 * 1024)));
  expect(events.map(({ length }) => length)).toEqual([5 * 1024 * 1024, 5 * 1024 * 1024]);
});
