import { linearRegexes } from '@flywatch/hub/linear-regex';
import { expect, test } from 'vitest';
import { LineReader } from '../files/line-reader.ts';
import { LinePatterns, type LineReport } from './line-patterns.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const ENVELOPE = { wins: false, isAgents: true, provider: 'file' } as const;
const now = () => NOW;

/** @param takesAll - false: every line is read, as with a filter */
function mine(lines: readonly string[], takesAll = true, limit = 1000): LineReport {
  const reader = new LineReader({ selection: { lists: {} }, regex: linearRegexes(), now });
  const patterns = new LinePatterns({ reader, takesAll, now });
  for (const line of lines) patterns.add(Buffer.from(line), ENVELOPE);
  patterns.endFile(ENVELOPE);
  return patterns.report(limit);
}

const summary = ({ patterns }: LineReport) => patterns.map(({ pattern, levels }) => [pattern, levels]);

/** Lines of which digits, letters beside them or colours tell something. */
const TELLING = [
  'E0102 15:04:05.1 1 a.go:7] disk of node is full',
  'I0102 15:04:05.2 1 a.go:7] disk of node is full',
  '<3>kernel: disk 4 failed',
  '<6>kernel: disk 5 failed',
  '10.0.0.1 - - [20/Nov/2026:10:15:00 +0000] "GET /a1 HTTP/1.1" 200 5 "-" "curl/8"',
  '10.0.0.1 - - [20/Nov/2026:10:15:01 +0000] "GET /a2 HTTP/1.1" 503 5 "-" "curl/8"',
  'level=50 msg="pool is empty"',
  'level=30 msg="pool is empty"',
  '{"level":50,"time":1795169704000,"msg":"order 7 refused"}',
  '{"level":30,"time":1795169705000,"msg":"order 8 refused"}',
  '{"caf\\u00e9":1}',
  '{"caf\\u00e8":1}',
  '\x1b[31mFailed\x1b[0m after 3 tries',
  '\x1b[31mStarted\x1b[0m after 4 tries',
  '2026-11-20T10:15:00Z ERROR job 17 took 3 ms\n    at work (a.js:1)',
  '2026-11-20T10:16:00Z ERROR job 18 took 4 ms',
  'Nov 20 10:15:00 web-1 sshd[812]: session 4 opened',
  'größe 4 für Gerät7',
];

test('lines that are told by their masks are the same patterns as lines that are read', () => {
  const many = Array.from({ length: 3 }, () => TELLING).flat();
  expect(summary(mine(many))).toEqual(summary(mine(many, false)));
});

test('counts, levels, times of the first and the last, and the newest line', () => {
  const report = mine([
    '2026-11-20T10:15:00Z ERROR job 17 took 3 ms\n    at work (a.js:1)',
    'a line without a time',
    '2026-11-20T10:16:00Z ERROR job 18 took 4 ms',
  ]);
  expect(report).toMatchObject({ found: 2, events: 3, leftOver: 0 });
  expect(report.patterns).toEqual([
    {
      pattern: 'ERROR job <*> took <*> <*>',
      count: 2,
      levels: { error: 2 },
      first_seen: '2026-11-20T10:15:00.000Z',
      last_seen: '2026-11-20T10:16:00.000Z',
      example: { message: '2026-11-20T10:16:00Z ERROR job 18 took 4 ms' },
    },
    {
      pattern: 'a line without a time',
      count: 1,
      levels: { info: 1 },
      ...{ first_seen: null, last_seen: null },
      example: { message: 'a line without a time' },
    },
  ]);
});

test('a flood of lines without form is counted to the last', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const lines = [...letters].flatMap((a) =>
    [...letters].flatMap((b) => [...letters].map((c) => `noise ${a}${b} ${b}${c} ${c}${a} ${'long '.repeat(10)}`)),
  );
  const { patterns, events, leftOver } = mine(lines, true, 100_000);
  expect(events).toBe(26 ** 3);
  expect(patterns.reduce((sum, { count }) => sum + count, leftOver)).toBe(events);
});
