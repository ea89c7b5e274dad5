/** Memory that runs out, and processes that were killed for it. */

import { type Finding, severityBy } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { MOMENTS_AGO_MS } from '../host-facts.ts';
import { RULES } from '../rules.ts';
import { bytesInWords, counted, inWords, percentInWords } from '../words.ts';

export function memoryFindings({ figures }: HostFacts): Finding[] {
  const severity = severityBy(figures?.memoryPercent, RULES.memory);
  if (figures === undefined || severity === undefined) return [];
  const { memoryPercent, memoryUsedBytes: used, memoryTotalBytes: total } = figures;
  const bytes = used === undefined || total === undefined ? '' : `: ${bytesInWords(used)} of ${bytesInWords(total)}`;
  return [{ code: 'memory', text: `Memory ${percentInWords(memoryPercent!)}${bytes}`, severity, sinceMs: null }];
}

/** The kernel counts them since boot; a count that fell has begun anew. */
export function oomFindings({ figures, earlier }: HostFacts): Finding[] {
  const { overMs, warn } = RULES.oomKills;
  const [now, then] = [figures?.oomKills, earlier[(MOMENTS_AGO_MS as readonly number[]).indexOf(overMs)]?.oomKills];
  if (now === undefined || then === undefined) return [];
  const kills = now < then ? now : now - then;
  if (kills < warn) return [];
  const text = `${counted(kills, 'process', 'processes')} killed for want of memory in ${inWords(overMs)}`;
  return [{ code: 'oom', text, severity: 'warn', sinceMs: null }];
}
