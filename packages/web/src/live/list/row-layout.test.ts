import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowLayout } from './row-layout.ts';

test('every row stands where the heights of all before it say', () => {
  const heights = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 18, max: 300 })));
  fc.assert(
    fc.property(heights, (measured) => {
      const layout = new RowLayout(22);
      for (const [position, px] of measured) layout.measure(position, px);
      let offset = 0;
      for (let position = -50; position <= 50; position++) {
        expect(layout.offset(-50, position)).toBe(offset);
        expect(layout.find(-50, 50, offset)).toBe(position);
        expect(layout.find(-50, 50, offset + layout.height(position) - 1)).toBe(position);
        offset += layout.height(position);
      }
    }),
  );
});

test('a height that is known already is no change', () => {
  const layout = new RowLayout(22);
  expect(layout.measure(3, 22)).toBe(false);
  expect(layout.measure(3, 44)).toBe(true);
  expect(layout.measure(3, 44)).toBe(false);
  expect(layout.measure(3, 22)).toBe(true);
  expect(layout.offset(0, 10)).toBe(220);
});

test('rows that give way to inserted ones take their heights along', () => {
  const layout = new RowLayout(22);
  layout.measure(3, 44);
  layout.measure(8, 66);
  layout.shift(5, 100);
  expect([layout.height(-97), layout.height(3), layout.height(8)]).toEqual([44, 22, 66]);
});

test('a position outside of the list is its first or last row', () => {
  const layout = new RowLayout(22);
  expect(layout.find(5, 9, -100)).toBe(5);
  expect(layout.find(5, 9, 1_000_000)).toBe(9);
});
