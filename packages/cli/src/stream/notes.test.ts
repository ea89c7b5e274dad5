import { expect, test } from 'vitest';
import { ConnectionNotes, describeGap } from './notes.ts';

const waiting = (failures: number) =>
  ({ type: 'state', state: 'waiting', delayMs: 300, failures, reason: 'ended', silentMs: 0, error: null }) as const;
const open = { type: 'state', state: 'open', resumed: true } as const;

test('an interruption and its end are told, the first connection is not', () => {
  const notes = new ConnectionNotes();
  expect(notes.of(open)).toBeUndefined();
  expect(notes.of(waiting(1))).toBe('the connection was closed; trying again in 0.3 s');
  expect(notes.of(open)).toBe('connected again; the lines go on where they stopped');
  expect(notes.of(open)).toBeUndefined();
});

test('a greeting is said once', () => {
  const notes = new ConnectionNotes('following');
  expect([notes.of(open), notes.of(open)]).toEqual(['following', undefined]);
});

test('of a thousand failures some are told', () => {
  const notes = new ConnectionNotes();
  const told = Array.from({ length: 1000 }, (_, i) => notes.of(waiting(i + 1))).filter((text) => text !== undefined);
  expect(told).toHaveLength(13);
  expect(told[1]).toMatch(/for the 5th time/);
});

const gap = { type: 'gap', from: null, to: null, count: 127, reason: 'lagged', details: {} } as const;

// biome-ignore format: a table
test.each([
  [gap, '127 lines are missing here: this reader was too slow'],
  [{ ...gap, count: 1, reason: 'too_large' }, '1 line is missing here: too large'],
  [{ ...gap, count: null, reason: 'restarted' }, 'lines may be missing here: the app was restarted'],
  [{ ...gap, details: { url: '/logs/history?after=a' } }, '127 lines are missing here: this reader was too slow; they are at http://h/x/logs/history?after=a'],
  [{ ...gap, details: { url: 'http://evil/' } }, '127 lines are missing here: this reader was too slow'],
  [{ ...gap, reason: 'new\x1b[2J' }, '127 lines are missing here: new'],
])('%j', (item, text) => expect(describeGap(item, 'http://h/x/')).toBe(text));
