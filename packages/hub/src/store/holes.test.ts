import { expect, test } from 'vitest';
import { Holes } from './holes.ts';

test('events lost one after the other are one hole; one that is kept between them makes two', () => {
  const holes = new Holes();
  for (const position of [5, 6, 9]) holes.lose(position);
  holes.keep();
  holes.lose(20);
  expect(holes.after(0)).toEqual({ from: 5, to: 9 });
  expect(holes.after(7)).toEqual({ from: 5, to: 9 });
  expect(holes.after(9)).toEqual({ from: 20, to: 20 });
  expect(holes.after(20)).toBeUndefined();
});

test('a store that loses something again and again says more than it lost rather than grow', () => {
  const holes = new Holes();
  for (let position = 0; position < 10_000; position += 2) {
    holes.lose(position);
    holes.keep();
  }
  let count = 0;
  for (let at = -1, hole = holes.after(at); hole !== undefined; at = hole.to, hole = holes.after(at)) count++;
  expect(count).toBe(256);
  expect(holes.after(9000)!.to).toBe(9998);
});
