import type { ReactElement } from 'react';
import { hub } from '../app/hub.ts';
import { useAnswer } from '../app/useAnswer.ts';

const WORDS = { healthy: 'Hub is healthy', degraded: 'Hub works, something is away', away: 'Hub does not answer' };

/** How the hub is, from the one route that says so without a token. */
export function HealthWord(): ReactElement {
  const { value, error } = useAnswer((signal) => hub.health({ signal }), 'health', 10_000);
  const state = error === undefined ? value?.status : 'away';
  return (
    <p className="health-word" data-state={state} role="status">
      {state === undefined ? '' : WORDS[state]}
    </p>
  );
}
