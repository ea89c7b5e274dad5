/** Reports that do not come. */

import type { Finding } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { RULES } from '../rules.ts';
import { inWords } from '../words.ts';

type Punctuality = 'reporting' | 'late' | 'down';

/** A host that reports each 10 s is late sooner than one that reports each minute. */
export function punctuality({
  nowMs,
  lastSeenMs,
  intervalMs,
}: Pick<HostFacts, 'nowMs' | 'lastSeenMs' | 'intervalMs'>): Punctuality {
  if (intervalMs === null) return 'reporting';
  const { lateIntervals, downIntervals, minGraceMs } = RULES.silence;
  const graceMs = Math.max(minGraceMs, intervalMs / 2);
  const silentMs = nowMs - lastSeenMs;
  if (silentMs > downIntervals * intervalMs + graceMs) return 'down';
  return silentMs > lateIntervals * intervalMs + graceMs ? 'late' : 'reporting';
}

export function silenceFindings(facts: HostFacts): Finding[] {
  const { nowMs, lastSeenMs, intervalMs } = facts;
  const silent = inWords(nowMs - lastSeenMs);
  switch (punctuality(facts)) {
    case 'down':
      return [{ code: 'down', text: `No report for ${silent}`, severity: 'error', sinceMs: lastSeenMs }];
    case 'late': {
      const text = `Last report ${silent} ago, expected every ${inWords(intervalMs!)}`;
      return [{ code: 'late', text, severity: 'warn', sinceMs: lastSeenMs }];
    }
    case 'reporting':
      return [];
  }
}
