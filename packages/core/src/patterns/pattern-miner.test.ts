import { expect, test } from 'vitest';
import { PatternMiner } from './pattern-miner.ts';

/** Patterns of these lines with the number of their lines. */
function mine(lines: readonly string[]): Record<string, number> {
  const miner = new PatternMiner<{ lines: number }>({
    merge: (into, from) => {
      into.lines += from.lines;
    },
  });
  for (const line of lines) miner.add(line, { lines: 1 });
  return Object.fromEntries(miner.patterns().map(({ pattern, tally }) => [pattern, tally.lines]));
}

test('lines that differ in values alone are one pattern', () => {
  expect(mine(['took 3 ms for job 17', 'took 40 ms for job 18'])).toEqual({ 'took <*> <*> for job <*>': 2 });
});

test('a few words at one place are statements of their own, many are values', () => {
  const verbs = ['Started', 'Paused', 'Resumed', 'Stopped'];
  expect(mine(verbs.map((verb) => `VM ${verb} (Lifecycle Event)`))).toEqual(
    Object.fromEntries(verbs.map((verb) => [`VM ${verb} (Lifecycle Event)`, 1])),
  );
  const hosts = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
  expect(mine(hosts.map((host) => `no route to ${host} found`))).toEqual({ 'no route to <*> found': 5 });
});

test('what was told apart is joined when its place turns out to be a value', () => {
  const lines = ['sync of home done', 'sync of work done', 'sync of mail done', 'sync of /var/lib done'];
  expect(mine(lines.slice(0, 3))).toEqual({ 'sync of home done': 1, 'sync of work done': 1, 'sync of mail done': 1 });
  expect(mine(lines)).toEqual({ 'sync of <*> done': 4 });
});

test('the key before a value stays', () => {
  expect(mine(['login from host=a.example.org failed', 'login from host=10.0.0.1 failed'])).toEqual({
    'login from host=<*> failed': 2,
  });
});

test('who a user is never makes a pattern', () => {
  expect(mine(['Invalid user webmaster here', 'Invalid user root here'])).toEqual({ 'Invalid user <*> here': 2 });
});

test('lines of different lengths, or that share too few words, are kept apart', () => {
  expect(Object.keys(mine(['cache hit', 'cache is full now', 'cache was cold twice'])).length).toBe(3);
});

test('the order of the lines changes nothing', () => {
  const lines = [...Array(40).keys()].flatMap((i) => [
    `GET /users/${i} ${i % 2 === 0 ? 200 : 404}`,
    `worker ${['red', 'blue'][i % 2]} idle`,
    `from ${String.fromCharCode(97 + (i % 26))}x to ${i}`,
  ]);
  expect(mine([...lines].reverse())).toEqual(mine(lines));
});

test('a flood of lines without form is bounded, counted and left over', () => {
  const words = [...Array(26).keys()].map((i) => String.fromCharCode(97 + i));
  const miner = new PatternMiner<{ lines: number }>({
    merge: (into, from) => {
      into.lines += from.lines;
    },
  });
  let total = 0;
  for (const a of words) {
    for (const b of words) {
      for (const c of words) {
        miner.add(`noise ${a + b} ${b + c} ${c + a} ${a}`, { lines: 1 });
        total++;
      }
    }
  }
  const patterns = miner.patterns();
  expect(patterns.length).toBeLessThanOrEqual(20_000);
  expect(patterns.reduce((sum, { tally }) => sum + tally.lines, miner.leftOver?.lines ?? 0)).toBe(total);
});
