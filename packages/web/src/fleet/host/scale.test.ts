import { expect, it } from 'vitest';
import { percentFloor, roundTop } from './scale.ts';

it.each([
  [0, 1],
  [0.3, 0.3],
  [6.5, 7],
  [8.2, 9],
  [9.5, 10],
  [101, 150],
  [70_000_000, 70_000_000],
])('a chart up to %d ends at %d', (value, top) => expect(roundTop(value)).toBeCloseTo(top));

it.each([
  [[41, 60], 0],
  [[96, 100], 92],
  [[99.9, 100], 92],
  [[90, null, 95], 80],
  [[null], 0],
  [[], 0],
])('percentages of %j are shown from %d', (values, floor) => expect(percentFloor(values)).toBe(floor));
