/** Checks that fail or are degraded, and certificates that end. */

import type { CheckFacts, Streak } from '../check-facts.ts';
import type { Finding } from '../finding.ts';
import { RULES } from '../rules.ts';
import { counted, inWords } from '../words.ts';

/** @param streak - the failures in a row of a check that fails, where they could be had */
export function checkFinding(check: CheckFacts, streak: Streak | undefined, nowMs: number): Finding | undefined {
  const { title, success, message, state } = check;
  const why = message === undefined ? '' : `: ${message}`;
  if (!success) {
    const failures = streak?.failures ?? 1;
    const times = failures === 1 ? '' : failures === 2 ? ' twice in a row' : ` ${failures} times in a row`;
    const sinceMs = streak?.sinceMs ?? check.atMs;
    const span = failures === 1 ? '' : `, for ${inWords(nowMs - sinceMs)}`;
    // One failure does not make an outage; an agent knows when it is one, of other rows we count.
    const isDown = state === undefined ? failures >= RULES.checks.downAfter : state === 'down';
    const severity = isDown ? 'error' : 'warn';
    return { code: 'check', text: `${title} failed${times}${span}${why}`, severity, sinceMs };
  }
  if (state === 'down') {
    return {
      code: 'check',
      text: `${title} was down and has passed once since`,
      severity: 'warn',
      sinceMs: check.atMs,
    };
  }
  if (state !== 'degraded') return undefined;
  return { code: 'check', text: `${title} is degraded${why}`, severity: 'warn', sinceMs: check.atMs };
}

export function certificateFinding({ title, certificateDays: days }: CheckFacts): Finding | undefined {
  if (days === undefined) return undefined;
  const { warn, error } = RULES.certificateDays;
  if (days >= warn) return undefined;
  const severity = days < error ? 'error' : 'warn';
  const when =
    days < 0 ? 'has expired' : days < 1 ? 'ends within a day' : `ends in ${counted(Math.floor(days), 'day')}`;
  return { code: 'certificate', text: `Certificate of ${title} ${when}`, severity, sinceMs: null };
}
