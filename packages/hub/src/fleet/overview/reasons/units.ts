/** Units of systemd that have failed. */

import { type Finding, severityBy } from '../finding.ts';
import type { HostFacts } from '../host-facts.ts';
import { RULES } from '../rules.ts';
import { counted, listed } from '../words.ts';

export function unitFindings({ figures }: HostFacts): Finding[] {
  const failed = figures?.failedUnits;
  const severity = severityBy(failed?.count, RULES.failedUnits);
  if (failed === undefined || severity === undefined) return [];
  const names = failed.names.length === 0 ? '' : `: ${listed(failed.names)}`;
  return [{ code: 'units', text: `${counted(failed.count, 'unit')} failed${names}`, severity, sinceMs: null }];
}
