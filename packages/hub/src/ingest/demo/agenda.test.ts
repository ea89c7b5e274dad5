import { expect, test } from 'vitest';
import { Agenda } from './agenda.ts';
import { Random } from './random.ts';

function takeAll<T>(agenda: Agenda<T>): T[] {
  const taken: T[] = [];
  for (let entry = agenda.take(); entry !== undefined; entry = agenda.take()) taken.push(entry.what);
  return taken;
}

test('entries come out by time, whatever the order they were put in', () => {
  const random = new Random(3);
  const times = Array.from({ length: 1000 }, () => random.between(0, 300));
  const agenda = new Agenda<number>();
  for (const time of times) agenda.add(time, time);
  expect(takeAll(agenda)).toEqual(times.toSorted((a, b) => a - b));
});

test('entries of one moment come out in the order they were put in', () => {
  const agenda = new Agenda<number>();
  for (let i = 0; i < 50; i++) agenda.add(7, i);
  expect(takeAll(agenda)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('an empty agenda has its next entry at no time', () => {
  const agenda = new Agenda<number>();
  expect(agenda.nextNs).toBe(Number.POSITIVE_INFINITY);
  expect(agenda.take()).toBeUndefined();
});
