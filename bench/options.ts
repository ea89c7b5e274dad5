// The command line of `npm run bench`.

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { OWN_HUB } from './servers/hub.ts';

export interface BenchOptions {
  names: string[];
  seconds: number;
  warmupS: number;
  quick: boolean;
  rounds: number;
  hub: string;
  list: boolean;
}

export const USAGE = `npm run bench [-- names...] [options]

  --seconds N   length of each measuring window (default 10; with --quick 3)
  --rounds N    repeat the fan-out loads in turn and take each server's median (default 1)
  --quick       short windows and the smaller variants: to see that all works, not for figures
  --hub FILE    another checkout's packages/cli/bin/flywatch.js, to compare two states of the code
  --list        name the scenarios`;

/** Throws an error with all mistakes in it. */
export function readOptions(args: string[], known: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      hub: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  });
  const mistakes = positionals
    .filter((name) => !known.includes(name))
    .map((name) => `there is no scenario "${name}"; there are ${known.join(', ')}`);
  const number = (name: 'seconds' | 'rounds', fallback: number, most: number): number => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (!Number.isInteger(value) || value < 1 || value > most)
      mistakes.push(`--${name} takes a whole number from 1 to ${most}`);
    return value;
  };
  const options: BenchOptions = {
    names: positionals.length > 0 ? positionals : known,
    seconds: number('seconds', values.quick ? 3 : 10, 3600),
    warmupS: values.quick ? 1 : 3,
    quick: values.quick,
    rounds: number('rounds', 1, 99),
    hub: values.hub === undefined ? OWN_HUB : resolve(values.hub),
    list: values.list,
  };
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return options;
}
