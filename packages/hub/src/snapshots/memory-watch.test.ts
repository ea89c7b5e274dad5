import { expect, test } from 'vitest';
import { MemoryWatch } from './memory-watch.ts';

function setup(threshold = 85) {
  const watch = new MemoryWatch({ threshold, highSamples: 3, rearmPercent: 5, calmSamples: 4 });
  /** Places of the samples that made memory high. */
  const feed = (...percents: (number | undefined)[]) =>
    percents.flatMap((percent, index) => (watch.sampled(percent) ? [index] : []));
  return { feed };
}

test('three samples in a row above the threshold are high, once', () => {
  expect(setup().feed(86, 90, 99, 99, 99, 99, 99, 99)).toEqual([2]);
});

test('the threshold itself is not above it', () => {
  expect(setup().feed(85, 85, 85, 85)).toEqual([]);
});

test('a sample that is low begins the row anew', () => {
  expect(setup().feed(86, 86, 85, 86, 86, 86)).toEqual([5]);
});

test('a sample that could not be had begins the row anew, and never ends an incident', () => {
  const { feed } = setup();
  expect(feed(86, 86, undefined, 86, 86, Number.NaN, 86, 86, 86)).toEqual([8]);
  expect(feed(...Array<undefined>(20).fill(undefined), 86, 86, 86)).toEqual([]);
});

test('hovering between the threshold and 5 points below it is one incident', () => {
  const { feed } = setup();
  const hovering = Array.from({ length: 100 }, (_, index) => (index % 10 < 5 ? 86 : 80.1));
  expect(feed(...hovering)).toEqual([2]);
});

test('saw teeth that reach lower for a moment are one incident', () => {
  const { feed } = setup();
  const saw = Array.from({ length: 100 }, (_, index) => (index % 10 < 7 ? 95 : 40));
  expect(feed(...saw)).toEqual([2]);
});

test('three samples 5 points lower are too few to end it', () => {
  expect(setup().feed(86, 86, 86, 80, 80, 80, 86, 86, 86)).toEqual([2]);
});

test('after four samples 5 points lower it can be high again', () => {
  expect(setup().feed(86, 86, 86, 80, 80, 80, 80, 86, 86, 86)).toEqual([2, 9]);
});

test('a threshold near nothing still has something that counts as low', () => {
  expect(setup(4).feed(5, 5, 5, 2, 2, 2, 2, 5, 5, 5)).toEqual([2, 9]);
});
