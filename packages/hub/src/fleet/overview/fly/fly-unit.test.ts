import { expect, test } from 'vitest';
import { OriginErrors } from '../origin-errors.ts';
import type { KnownMachine } from './fly-machines.ts';
import { flyUnit } from './fly-unit.ts';
import { type DatedHappening, tellStory } from './machine-story.ts';
import type { Happening } from './platform-lines.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 2, 51);
const span = { fromMs: 0, stepMs: 60_000, buckets: 2 };
const NO_ERRORS = new OriginErrors({ origins: [], truncated: false, span }, span);

/** A machine to which this has happened, so many minutes ago. */
function machine(
  id: string,
  ...happened: readonly (readonly [minutesAgo: number, happening: Happening])[]
): KnownMachine {
  const dated = happened.map(([ago, happening]): DatedHappening => ({ ...happening, atMs: NOW_MS - ago * 60_000 }));
  return {
    app: 'acme',
    id,
    region: 'fra',
    lastSeenMs: NOW_MS - 1000,
    demo: false,
    story: tellStory(dated, undefined, NOW_MS),
  };
}

const START = { kind: 'started' } as const;
const KILL = { kind: 'out-of-memory' } as const;
const CRASH = { kind: 'exited', code: 1 } as const;
const STOP = { kind: 'exited', code: 0 } as const;
const UNHEALTHY = { kind: 'check-failed', check: 'http on port 8080' } as const;

const unit = (...machines: KnownMachine[]) =>
  flyUnit('acme', { nowMs: NOW_MS, machines, errorRate: undefined }, NO_ERRORS);

test.each([
  ['fine', [], [machine('a', [60, START])]],
  ['fine', [], []],
  ['stopped', [], [machine('a', [60, START], [30, STOP])]],
  ['fine', [], [machine('a', [60, START], [30, STOP]), machine('b', [9, START])]],
  [
    'attention',
    ['2 machines killed for memory, 3 times in 15 min'],
    [machine('a', [40, START], [12, KILL], [11, START], [6, KILL], [5, START]), machine('b', [40, START], [4, KILL])],
  ],
  ['down', ['1 machine killed for memory'], [machine('a', [40, START], [4, KILL])]],
  ['attention', ['1 machine crashed, exit 1'], [machine('a', [40, START], [30, CRASH]), machine('b', [50, START])]],
  ['attention', ['1 machine crashed'], [machine('a', [40, START], [10, CRASH], [9, START])]],
  // Nobody tells when a machine is destroyed.
  ['fine', [], [machine('a', [1600, START], [1500, CRASH]), machine('b', [50, START])]],
  ['fine', [], [machine('a', [90, START], [50, CRASH], [49, START])]],
  [
    'attention',
    ['Health check http on port 8080 fails on 2 of 3 machines'],
    [machine('a', [40, START], [3, UNHEALTHY]), machine('b', [40, START], [2, UNHEALTHY]), machine('c', [40, START])],
  ],
] as const)('%s: %j', (state, texts, machines) => {
  const { reasons, ...told } = unit(...machines);
  expect([told.state, reasons.map(({ text }) => text)]).toEqual([state, texts]);
});

test('what has ended is an error, what runs again a warning, since the first of it', () => {
  const since = (ago: number) => new Date(NOW_MS - ago * 60_000).toISOString().replace('.000Z', 'Z');
  const ended = unit(machine('a', [40, START], [12, CRASH]), machine('b', [40, START]));
  expect(ended.reasons).toMatchObject([{ severity: 'error', since: expect.stringContaining(since(12).slice(0, 19)) }]);
  expect(unit(machine('a', [40, START], [12, CRASH], [11, START])).severity).toBe('warn');
});

test('machines in trouble come first', () => {
  const machines = [
    machine('c', [9, START]),
    machine('b', [9, STOP]),
    machine('a', [9, START]),
    machine('d', [9, KILL]),
  ];
  expect(unit(...machines).machines.map(({ id, state }) => [id, state])).toEqual([
    ['d', 'killed'],
    ['a', 'started'],
    ['c', 'started'],
    ['b', 'stopped'],
  ]);
});
