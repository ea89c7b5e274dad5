import { expect, test } from 'vitest';
import type { Origin } from '../../store/questions.ts';
import { OriginErrors } from './origin-errors.ts';

const span = { fromMs: 600_000, stepMs: 60_000, buckets: 3 };
const FLY = { app: 'acme', instance: '3287ce41c63d85', region: 'fra', host: 'f442', provider: 'app' };

function counts(origin: Partial<Origin>, ...errors: readonly number[]) {
  const none = { app: undefined, instance: undefined, region: undefined, host: undefined, provider: undefined };
  const lines = Uint32Array.from(errors, (count) => count * 2);
  return { origin: { ...none, ...origin }, lines, errors: Uint32Array.from(errors), lastMs: 0 };
}

const ORIGINS = [
  counts(FLY, 1, 2, 3),
  counts({ ...FLY, instance: '6e82d4e6a37548' }, 10, 0, 0),
  counts({ ...FLY, provider: 'health' }, 0, 0, 4),
  // The edge speaks for the app, of no machine.
  counts({ app: 'acme', region: 'ams', host: 'a1b2', provider: 'proxy' }, 0, 5, 0),
  counts({ app: 'postgres', host: 'db-01', provider: 'agent' }, 7, 0, 0),
  counts({ app: 'shop', instance: 'worker-1', host: 'db-01', provider: 'app' }, 0, 1, 0),
  // An agent's host may have a name like a machine's.
  counts({ app: 'shop', instance: '3287ce41c63d85', host: 'db-02', provider: 'agent' }, 9, 9, 9),
  counts({ app: 'edge', host: 'db-03', provider: 'proxy' }, 2, 0, 0),
  counts(
    { app: 'fly-builder-quiet-harbour-4711', instance: '2860d47c91e638', region: 'fra', provider: 'app' },
    8,
    8,
    8,
  ),
  counts({ app: 'nobody' }, 1, 1, 1),
];

test('lines of Fly are those of their app and machine, others those of the host that they name', () => {
  const errors = new OriginErrors({ origins: ORIGINS, truncated: false, span }, span);
  expect(errors.ofApp('acme')).toEqual({ count: 25, buckets: [11, 7, 7] });
  expect(errors.ofMachine('3287ce41c63d85').buckets).toEqual([1, 2, 7]);
  expect(errors.ofMachine('6e82d4e6a37548').buckets).toEqual([10, 0, 0]);
  expect(errors.ofHost('db-01').buckets).toEqual([7, 1, 0]);
  expect(errors.ofHost('db-02').buckets).toEqual([9, 9, 9]);
  expect(errors.ofHost('db-03').buckets).toEqual([2, 0, 0]);
  expect(errors.ofHost('f442')).toEqual({ count: 0, buckets: [0, 0, 0] });
  expect([...errors.apps]).toEqual(['acme']);
});

test('counts of a moment before, when the span began a bucket earlier, lie where they belong', () => {
  const before = { ...span, fromMs: span.fromMs - span.stepMs };
  const errors = new OriginErrors({ origins: ORIGINS, truncated: false, span: before }, span);
  expect(errors.ofApp('acme').buckets).toEqual([7, 7, 0]);
});
