// The pattern of each line, as the hub would group them.

import { PatternMiner } from '@flywatch/core';

export function minedGroups(lines: readonly string[]): string[] {
  const miner = new PatternMiner<number[]>({ merge: (into, from) => void into.push(...from) });
  for (const [i, line] of lines.entries()) miner.add(line, [i]);
  const groups: string[] = [];
  for (const { pattern, tally } of miner.patterns()) for (const line of tally) groups[line] = pattern;
  return groups;
}
