/** Everything that can be wrong with a host. To add a kind: a function, a row here, its thresholds in `rules.ts`. */

import { type Finding, rankFindings } from './finding.ts';
import type { HostFacts } from './host-facts.ts';
import { certificateFinding, checkFinding } from './reasons/checks.ts';
import { cpuFindings, iowaitFindings, loadFindings, stealFindings } from './reasons/cpu.ts';
import { diskFindings, inodeFindings } from './reasons/disk.ts';
import { errorRateFindings } from './reasons/errors.ts';
import { memoryFindings, oomFindings } from './reasons/memory.ts';
import { punctuality, silenceFindings } from './reasons/silence.ts';
import { temperatureFindings } from './reasons/temperature.ts';
import { unitFindings } from './reasons/units.ts';

type Look = (facts: HostFacts) => readonly Finding[];

const LOOKS: readonly Look[] = [
  silenceFindings,
  diskFindings,
  inodeFindings,
  memoryFindings,
  oomFindings,
  cpuFindings,
  loadFindings,
  iowaitFindings,
  stealFindings,
  unitFindings,
  temperatureFindings,
  ({ checks, nowMs }) => checks.flatMap(({ check, streak }) => checkFinding(check, streak, nowMs) ?? []),
  ({ checks }) => checks.flatMap(({ check }) => certificateFinding(check) ?? []),
  ({ errorRate, nowMs }) => errorRateFindings(errorRate, nowMs),
];

/** Worst first. What a host that is down has last said of itself is history. */
export function findHostReasons(facts: HostFacts): readonly Finding[] {
  if (punctuality(facts) === 'down') return silenceFindings(facts);
  return rankFindings(LOOKS.flatMap((look) => look(facts)));
}
