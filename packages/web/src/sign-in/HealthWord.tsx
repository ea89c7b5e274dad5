import type { HealthReport } from '@flywatch/client';
import type { ReactElement } from 'react';
import { useAnswer } from '../app/useAnswer.ts';

const WORDS = { healthy: 'Hub is healthy', degraded: 'Hub works, something is away', away: 'Hub does not answer' };

/** How the hub is, from the one route that says so without a token. */
export function HealthWord(): ReactElement {
  const { data, error } = useAnswer<HealthReport>('health', {}, { everyMs: 10_000 });
  const state = error === undefined ? data?.status : 'away';
  return (
    <p className="health-word" data-state={state} role="status">
      {state === undefined ? '' : WORDS[state]}
    </p>
  );
}
