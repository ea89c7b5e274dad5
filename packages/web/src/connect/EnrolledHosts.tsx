/** The hosts that have a token, and a button for each that takes it back. */

import { type ReactElement, useState } from 'react';
import { announce } from '../app/announce.ts';
import { formatMoment, UNKNOWN } from '../app/format.ts';
import { remove } from '../app/hub.ts';
import { useSettings } from '../app/settings.ts';
import { LoadFailed } from '../app/Troubles.tsx';
import { troubleOf } from '../app/trouble.ts';
import type { Answer } from '../app/useAnswer.ts';
import { ageOf, type HubStatus } from '../status/hub-status.ts';
import type { AgentList, EnrolledAgent } from './enrolled.ts';

interface EnrolledHostsProps {
  readonly list: Answer<AgentList>;
  readonly status: HubStatus | undefined;
}

export function EnrolledHosts({ list, status }: EnrolledHostsProps): ReactElement | null {
  const { data, error, again } = list;
  if (data === undefined)
    return error === undefined ? null : <LoadFailed what="The hosts that have a token" error={error} onAgain={again} />;
  if (data.agents.length === 0) return null;
  return (
    <section className="enrolled" aria-labelledby="enrolled-title">
      <h2 id="enrolled-title">Hosts that have a token</h2>
      <ul>
        {data.agents.map((agent) => (
          <EnrolledHost key={agent.id} agent={agent} status={status} onRevoked={again} />
        ))}
      </ul>
    </section>
  );
}

interface EnrolledHostProps {
  readonly agent: EnrolledAgent;
  readonly status: HubStatus | undefined;
  readonly onRevoked: () => void;
}

/** Asked once more before it is done: the host sends nothing after that, and nobody there to tell. */
function EnrolledHost({ agent, status, onRevoked }: EnrolledHostProps): ReactElement {
  const { zone } = useSettings();
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string>();
  const name = agent.name ?? 'a host under its own name';
  const revoke = async () => {
    try {
      await remove(`agents/${agent.id}`);
      announce(`The token of ${name} is revoked`);
    } catch (error) {
      setProblem(troubleOf(error).text);
    }
    onRevoked();
  };
  const age = status === undefined ? UNKNOWN : ageOf(agent.last_used_at, status);
  return (
    <li className="enrolled-host">
      <span className="enrolled-name">{name}</span>
      <span className="enrolled-note figures">
        {agent.last_used_at === null ? 'Never used' : `Used ${age}`}, enrolled{' '}
        {formatMoment(Date.parse(agent.created_at), zone, Date.now())}
      </span>
      {(isAsked || problem !== undefined) && (
        <p className={problem === undefined ? 'enrolled-said' : 'enrolled-said is-refusal'} role="status">
          {problem ?? 'The host can send nothing from then on. Its agent stays until you uninstall it there.'}
        </p>
      )}
      {isAsked ? (
        <span className="enrolled-choice">
          <button type="button" className="button" onClick={revoke}>
            Revoke the token
          </button>
          <button type="button" className="button is-plain" onClick={() => setAsked(false)}>
            Keep it
          </button>
        </span>
      ) : (
        <button
          type="button"
          className="button is-plain enrolled-choice"
          aria-label={`Revoke the token of ${name}`}
          onClick={() => setAsked(true)}
        >
          Revoke
        </button>
      )}
    </li>
  );
}
