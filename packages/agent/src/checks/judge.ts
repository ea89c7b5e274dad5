/** What a try found, held against what is expected of it. */

import type { CheckErrorKind, CheckSpec, Observation, Verdict } from './check.ts';

export interface Judgement {
  readonly verdict: Verdict;
  readonly errorKind: CheckErrorKind | undefined;
  readonly message: string | undefined;
}

/** Failures that a check may wish for: `[CONNECTED] == false`. */
const NO_CONNECTION: ReadonlySet<CheckErrorKind> = new Set(['dns', 'refused', 'unreachable', 'timeout']);

/** Statuses that seed 003 takes for a success where nothing is said about the status. */
const isSuccess = (statusCode: number) => statusCode >= 200 && statusCode < 400;

export function judge(spec: CheckSpec, observation: Observation): Judgement {
  const { error, statusCode } = observation;
  const judgesConnection = spec.expect.some(({ subject }) => subject === 'CONNECTED');
  if (error !== undefined && !(judgesConnection && !observation.connected && NO_CONNECTION.has(error.kind))) {
    return { verdict: 'failed', errorKind: error.kind, message: error.message };
  }
  const judgesStatus = spec.expect.some(({ subject }) => subject === 'STATUS');
  if (statusCode !== undefined && !judgesStatus && !isSuccess(statusCode)) {
    return { verdict: 'failed', errorKind: 'status', message: `HTTP ${statusCode}` };
  }
  const unmet = spec.expect.flatMap((condition) => {
    const said = condition.judge(observation);
    return said === undefined ? [] : [{ ...condition, said }];
  });
  if (unmet.length === 0) return { verdict: 'good', errorKind: undefined, message: undefined };
  const hard = unmet.find(({ soft }) => !soft);
  return {
    verdict: hard === undefined ? 'slow' : 'failed',
    errorKind: kindOf((hard ?? unmet[0]!).subject),
    message: unmet.map(({ said }) => said).join('; '),
  };
}

function kindOf(subject: string): CheckErrorKind {
  if (subject === 'STATUS') return 'status';
  if (subject === 'BODY') return 'body';
  return subject.startsWith('CERTIFICATE') ? 'certificate' : 'condition';
}
