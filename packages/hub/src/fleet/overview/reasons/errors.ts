/** More errors among the lines than there were. */

import type { ErrorRate } from '../error-rate.ts';
import type { Finding } from '../finding.ts';
import { RULES } from '../rules.ts';
import { inWords, percentInWords } from '../words.ts';

/** A share that is told as what it was before; a rise from nothing would be without end. */
const LEAST_BEFORE_PERCENT = 0.1;

export function errorRateFindings(rate: ErrorRate | undefined, nowMs: number): Finding[] {
  if (rate === undefined) return [];
  const { warn, error, times, always } = RULES.errorRate;
  const { percent, beforePercent, sinceMs } = rate;
  const isMore = beforePercent !== undefined && percent >= times * Math.max(beforePercent, LEAST_BEFORE_PERCENT);
  if (percent < warn || (!isMore && percent < always)) return [];
  const before = !isMore ? '' : `, was ${percentInWords(beforePercent)} before`;
  const text = `Error rate ${percentInWords(percent)} for ${inWords(nowMs - sinceMs)}${before}`;
  return [{ code: 'error_rate', text, severity: percent >= error ? 'error' : 'warn', sinceMs }];
}
