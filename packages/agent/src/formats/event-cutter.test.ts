import { expect, test } from 'vitest';
import { MAX_GROUP_LINES } from '../tail/limits.ts';
import { type Closing, EventCutter } from './event-cutter.ts';

const OPEN: Closing = { group: false, line: false };
const CLOSED: Closing = { group: true, line: true };

function cut(text: string, closing: Closing = CLOSED, joins = true): string[] {
  const bytes = Buffer.from(text);
  const cutter = new EventCutter(joins);
  const events: string[] = [];
  for (let at = 0; cutter.next(bytes, at, closing); at = cutter.end) {
    events.push(bytes.toString('utf8', at, cutter.isTerminated ? cutter.end - 1 : cutter.end));
  }
  return events;
}

/** Events as programs print them, one a string. */
const events: [string, string[]][] = [
  ['lines', ['one', 'two', '', 'three']],
  ['JSON', ['{"a":1}', '{"b":2}']],
  ['Node', ['Error: boom\n    at f (a.js:1:2)\n    at g (b.js:3:4) {\n  code: 1\n}', 'next']],
  [
    'Java',
    [
      'ERROR x\njava.lang.Error: a'.split('\n')[0]!,
      'java.lang.Error: a\n\tat B.c(D.java:1)\nCaused by: e\n\t... 3 more',
      'next',
    ],
  ],
  [
    'Python',
    [
      'ERROR failed\nTraceback (most recent call last):\n  File "a.py", line 1, in f\n    x()\nValueError: no',
      'INFO next',
    ],
  ],
  [
    'two Python traces',
    [
      'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1\n\nDuring handling of the above exception, another exception occurred:\n\nTraceback (most recent call last):\n  File "b.py", line 2\nTypeError: 2',
      'INFO next',
    ],
  ],
  [
    'Go',
    [
      'panic: oh\n\ngoroutine 1 [running]:\nmain.f(0x1)\n\t/a.go:1 +0x1\nmain.main()\n\t/a.go:2\nexit status 2',
      '{"x":1}',
    ],
  ],
  ['a printed object', ['{\n  "a": [\n    1\n  ]\n}', 'next']],
  ['aligned levels', [' INFO one', ' WARN two']],
  ['brackets', ['[error] one', '[2026-11-21] two', 'x', '}']],
];

test.each(events)('%s: what belongs together is one event', (_, expected) => {
  expect(cut(`${expected.join('\n')}\n`)).toEqual(expected);
});

test.each(events)(
  '%s: cut at every byte, nothing is told too early and nothing else comes in the end',
  (_, expected) => {
    const whole = Buffer.from(`${expected.join('\n')}\n`);
    for (let length = 0; length <= whole.length; length++) {
      const early = cut(whole.toString('utf8', 0, length), OPEN);
      expect(expected.slice(0, early.length)).toEqual(early);
      const rest = whole.toString('utf8', Buffer.byteLength(early.map((event) => `${event}\n`).join('')));
      expect([...early, ...cut(rest)]).toEqual(expected);
    }
  },
);

test('where nothing is joined, each line is an event', () => {
  expect(cut('Error: x\n    at f\n', CLOSED, false)).toEqual(['Error: x', '    at f']);
});

test('an event has so many lines and no more', () => {
  const trace = `Error: x\n${'    at f\n'.repeat(MAX_GROUP_LINES)}`;
  const cutEvents = cut(trace);
  expect(cutEvents.map((event) => event.split('\n').length)).toEqual([MAX_GROUP_LINES, 1]);
});

test('a group that closes before a line without an end leaves that line for later', () => {
  expect(cut('Error: x\n    at', { group: true, line: false })).toEqual(['Error: x']);
  expect(cut('Error: x\n    at', CLOSED)).toEqual(['Error: x\n    at']);
});
