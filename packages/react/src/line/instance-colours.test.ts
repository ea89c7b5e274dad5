import { expect, test } from 'vitest';
import { InstanceColours } from './instance-colours.ts';

test('sixteen instances have sixteen colours', () => {
  const colours = new InstanceColours();
  expect(new Set(Array.from({ length: 16 }, (_, i) => colours.slot(`machine-${i}`))).size).toBe(16);
});

test('an instance keeps its colour from one visit to the next', () => {
  const colours = new InstanceColours();
  const slots = ['a', 'b', 'c'].map((id) => colours.slot(id));
  const later = new InstanceColours(colours.entries());
  expect(['c', 'b', 'a'].map((id) => later.slot(id))).toEqual(slots.toReversed());
});

test('500 instances are remembered, however many there are', () => {
  const colours = new InstanceColours();
  for (let i = 0; i < 5000; i++) colours.slot(`machine-${i}`);
  expect(colours.entries()).toHaveLength(500);
});
