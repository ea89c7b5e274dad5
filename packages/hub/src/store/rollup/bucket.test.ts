import { expect, test } from 'vitest';
import {
  type Bucket,
  bucketOf,
  inSteps,
  joinBuckets,
  meanOf,
  packBucket,
  packValues,
  unpackBucket,
  unpackValues,
} from './bucket.ts';

const AT_MS = Date.UTC(2026, 10, 20, 10);

const at = (second: number, ...values: (number | undefined)[]): Bucket => bucketOf(AT_MS + second * 1000, [1], values);

test('joined buckets have the least, the most, the sum and the count of all parts, and who said nothing counts for nothing', () => {
  const all = joinBuckets([at(0, 10, undefined), at(10, 2.5, 7), at(20, undefined, 9)])!;
  expect(all.counts).toEqual([3]);
  expect(all.series).toEqual([
    { min: 2.5, max: 10, sum: 12.5, count: 2 },
    { min: 7, max: 9, sum: 16, count: 2 },
  ]);
  expect(all.series.map(meanOf)).toEqual([6.25, 8]);
  expect(joinBuckets([])).toBeUndefined();
});

test('it does not matter how parts are grouped', () => {
  const parts = [at(0, 1), at(7, 5), at(9, 3), at(60, 2), at(61, 8)];
  const inTwoSteps = joinBuckets([joinBuckets(parts.slice(0, 3))!, joinBuckets(parts.slice(3))!]);
  expect(inTwoSteps).toEqual(joinBuckets(parts));
});

test('the longest silence is known across parts and within them', () => {
  const silenceOf = (...seconds: number[]) => {
    const { fromMs, toMs } = joinBuckets(seconds.map((second) => at(second)))!.silence;
    return [fromMs - AT_MS, toMs - AT_MS].map((ms) => ms / 1000);
  };
  expect(silenceOf(0, 10, 50, 60)).toEqual([10, 50]);
  const early = joinBuckets([at(0), at(40)])!;
  expect(joinBuckets([early, at(50)])!.silence).toEqual(early.silence);
});

test.each([
  ['one report', at(3, 1.5, undefined, 0, -4)],
  ['many', joinBuckets([at(0, 1.5, undefined), at(59, 2.5, 1e9)])!],
  ['none of a figure', at(0)],
  ['three kinds of results', { ...at(5, 12), counts: [300, 0, 1] }],
])('packed and unpacked %s is the same', (_what, bucket) => {
  expect(unpackBucket(packBucket(bucket, AT_MS), AT_MS)).toEqual(bucket);
});

test('a report a minute with all that an agent measures packs into less than 100 bytes', () => {
  const values = Array.from({ length: 15 }, (_, i) => i * 1.5);
  expect(packBucket(at(5, ...values), AT_MS).length).toBeLessThan(100);
});

test('values of a row come back, those that it had', () => {
  expect(unpackValues(packValues([undefined, 2.5, undefined, 0]))).toEqual([undefined, 2.5, undefined, 0]);
});

test('parts are put into steps by when they begin', () => {
  const parts = [0, 5, 10, 31].map((second) => [AT_MS + second * 1000, at(second, second)] as const);
  const steps = inSteps(parts, 10_000).map(([startMs, { counts }]) => [(startMs - AT_MS) / 1000, counts[0]]);
  expect(steps).toEqual([
    [0, 2],
    [10, 1],
    [30, 1],
  ]);
});
