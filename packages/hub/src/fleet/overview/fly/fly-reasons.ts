/** Everything that can be wrong with an app on Fly. */

import type { ErrorRate } from '../error-rate.ts';
import { type Finding, rankFindings } from '../finding.ts';
import { errorRateFindings } from '../reasons/errors.ts';
import { RULES } from '../rules.ts';
import { counted, inWords } from '../words.ts';
import type { KnownMachine } from './fly-machines.ts';

export interface FlyAppFacts {
  readonly nowMs: number;
  readonly machines: readonly KnownMachine[];
  readonly errorRate: ErrorRate | undefined;
}

type Look = (facts: FlyAppFacts) => readonly Finding[];

const LOOKS: readonly Look[] = [
  killedFindings,
  crashedFindings,
  healthFindings,
  ({ errorRate, nowMs }) => errorRateFindings(errorRate, nowMs),
];

export function findFlyReasons(facts: FlyAppFacts): readonly Finding[] {
  return rankFindings(LOOKS.flatMap((look) => look(facts)));
}

/** Whether a machine has ended badly, and nobody has given it up since. */
export function hasEndedBadly({ story: { state, sinceMs } }: KnownMachine, nowMs: number): boolean {
  return (state === 'killed' || state === 'crashed') && (sinceMs ?? 0) > nowMs - RULES.machines.endedMs;
}

function killedFindings({ machines, nowMs }: FlyAppFacts): Finding[] {
  const killed = machines.filter(
    (machine) => machine.story.kills.length > 0 || (machine.story.state === 'killed' && hasEndedBadly(machine, nowMs)),
  );
  if (killed.length === 0) return [];
  const kills = killed.flatMap(({ story }) => story.kills);
  const text = `${counted(killed.length, 'machine')} killed for memory${often(kills)}`;
  return [{ code: 'killed', text, severity: 'error', sinceMs: firstOf(killed, kills) }];
}

function crashedFindings({ machines, nowMs }: FlyAppFacts): Finding[] {
  const down = machines.filter((machine) => machine.story.state === 'crashed' && hasEndedBadly(machine, nowMs));
  const crashed = machines.filter((machine) => machine.story.crashes.length > 0 || down.includes(machine));
  if (crashed.length === 0) return [];
  const crashes = crashed.flatMap(({ story }) => story.crashes);
  const codes = [...new Set(down.flatMap(({ story }) => story.exitCode ?? []))];
  const exit = codes.length === 1 ? `, exit ${codes[0]}` : '';
  const text = `${counted(crashed.length, 'machine')} crashed${exit}${often(crashes)}`;
  return [{ code: 'crashed', text, severity: down.length > 0 ? 'error' : 'warn', sinceMs: firstOf(crashed, crashes) }];
}

function healthFindings({ machines }: FlyAppFacts): Finding[] {
  const byCheck = new Map<string, number[]>();
  for (const { story } of machines)
    for (const [check, sinceMs] of story.failing) byCheck.set(check, [...(byCheck.get(check) ?? []), sinceMs]);
  return [...byCheck].map(([check, since]) => {
    const where = machines.length === 1 ? '' : ` on ${since.length} of ${machines.length} machines`;
    const text = `Health check ${check} fails${where}`;
    return { code: 'health_check', text, severity: 'error', sinceMs: Math.min(...since) };
  });
}

function often(times: readonly number[]): string {
  return times.length < 2 ? '' : `, ${times.length} times in ${inWords(RULES.machines.recentMs)}`;
}

/** When it began: with the first of the times, or, where they are long past, when the first of the machines ended. */
function firstOf(machines: readonly KnownMachine[], times: readonly number[]): number | null {
  const known = times.length > 0 ? times : machines.flatMap(({ story }) => story.sinceMs ?? []);
  return known.length === 0 ? null : Math.min(...known);
}
