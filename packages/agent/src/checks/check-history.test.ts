import { expect, test } from 'vitest';
import type { CheckState, Verdict } from './check.ts';
import { CheckHistory } from './check-history.ts';

const VERDICTS: Readonly<Record<string, Verdict>> = { g: 'good', s: 'slow', f: 'failed' };
const STATES: Readonly<Record<CheckState, string>> = { up: 'U', degraded: 'd', down: 'D' };

/** States after each of the runs, a letter each. */
function states(runs: string, failAfter: number, recoverAfter: number): string {
  const history = new CheckHistory({ failAfter, recoverAfter });
  return [...runs].map((run) => STATES[history.add(VERDICTS[run]!)]).join('');
}

test.each([
  ['ggg', 3, 2, 'UUU'],
  ['gfg', 3, 2, 'UdU'],
  ['gfff', 3, 2, 'UddD'],
  ['fff', 3, 2, 'ddD'],
  ['gffgff', 3, 2, 'UddUdd'],
  ['fffgg', 3, 2, 'ddDDU'],
  ['fffgfgg', 3, 2, 'ddDDDDU'],
  ['fffss', 3, 2, 'ddDDd'],
  ['gsg', 3, 2, 'UdU'],
  ['sssss', 3, 2, 'ddddd'],
  ['gf', 1, 1, 'UD'],
  ['gfgf', 1, 1, 'UDUD'],
])('runs %s with fail_after %i and recover_after %i go %s', (runs, failAfter, recoverAfter, expected) => {
  expect(states(runs, failAfter, recoverAfter)).toBe(expected);
});
