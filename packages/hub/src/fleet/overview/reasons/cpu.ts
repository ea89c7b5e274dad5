/** A CPU that is busy, waits for disks, or is not to be had. */

import { type Finding, severityBy } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { RULES } from '../rules.ts';
import { inWords, percentInWords } from '../words.ts';

/** The first column of figures. */
const CPU_PERCENT = 0;

export function cpuFindings({ recent, nowMs, intervalMs }: HostFacts): Finding[] {
  const reports = recent.flatMap(({ timeMs, values }) => {
    const percent = values[CPU_PERCENT];
    return timeMs >= nowMs - RULES.cpu.overMs && typeof percent === 'number' ? [{ timeMs, percent }] : [];
  });
  // An agent may send no figure of the CPU at all.
  if (reports.length === 0) return [];
  // The first report of a host falls into its start, or into that of the hub beside it: one that will make more of them is waited for.
  if (reports.length === 1 && intervalMs !== null && intervalMs <= RULES.cpu.overMs / 2) return [];
  const mean = reports.reduce((sum, { percent }) => sum + percent, 0) / reports.length;
  const severity = severityBy(mean, RULES.cpu);
  if (severity === undefined) return [];
  const spanMs = reports[0]!.timeMs - reports.at(-1)!.timeMs;
  const over = spanMs === 0 ? '' : ` over ${inWords(spanMs)}`;
  return [{ code: 'cpu', text: `CPU ${percentInWords(mean)}${over}`, severity, sinceMs: null }];
}

export function iowaitFindings(facts: HostFacts): Finding[] {
  return lastingFinding(facts, 'iowait', 'iowaitPercent', (percent) => `CPU waits ${percent} of the time for disks`);
}

export function stealFindings(facts: HostFacts): Finding[] {
  return lastingFinding(
    facts,
    'steal',
    'stealPercent',
    (percent) => `${percent} of the CPU is taken by other machines on the same hardware`,
  );
}

/** Those two come in bursts: only what was so at the moment before too, where there was one, is told. */
function lastingFinding(
  { figures, earlier: [before] }: HostFacts,
  code: 'iowait' | 'steal',
  name: 'iowaitPercent' | 'stealPercent',
  say: (percent: string) => string,
): Finding[] {
  const now = figures?.[name];
  const lasting = Math.min(now ?? 0, before?.[name] ?? now ?? 0);
  const severity = severityBy(lasting, RULES[code]);
  return severity === undefined ? [] : [{ code, text: say(percentInWords(now!)), severity, sinceMs: null }];
}

export function loadFindings({ figures }: HostFacts): Finding[] {
  const [load, cores] = [figures?.load.avg15m, figures?.cores];
  if (load === undefined || cores === undefined) return [];
  const severity = severityBy(load / cores, RULES.load);
  if (severity === undefined) return [];
  const on = cores === 1 ? '1 core' : `${Number(cores.toFixed(1))} cores`;
  return [{ code: 'load', text: `Load ${load.toFixed(2)} over 15 min on ${on}`, severity, sinceMs: null }];
}
