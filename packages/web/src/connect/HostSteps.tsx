/** The way for hosts: a name, the command that the hub makes for it, and a card that waits for the first report. */

import { type FormEvent, type ReactElement, useState } from 'react';
import { announce } from '../app/announce.ts';
import { send } from '../app/hub.ts';
import { troubleOf } from '../app/trouble.ts';
import { useAnswer } from '../app/useAnswer.ts';
import type { HubStatus } from '../status/hub-status.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { EnrolledHosts } from './EnrolledHosts.tsx';
import type { AgentList, MadeCommand } from './enrolled.ts';
import { FirstReport } from './FirstReport.tsx';
import { Step } from './Step.tsx';
import type { HubAddress, WayOfHosts } from './ways.ts';

const POLL_MS = 5000;

interface HostStepsProps {
  readonly way: WayOfHosts;
  readonly address: HubAddress;
  readonly status: HubStatus | undefined;
}

export function HostSteps({ way, address, status }: HostStepsProps): ReactElement {
  const list = useAnswer<AgentList>('agents', {}, { everyMs: POLL_MS });
  const { made, problem, isMaking, make } = useMaking(list.again);
  return (
    <>
      <ol>
        <Step number={1} title="Name the host">
          <form className="enrol-form" onSubmit={make}>
            <input
              name="host"
              className="field"
              aria-label="Name of the host"
              aria-describedby="enrol-said"
              aria-invalid={problem !== undefined}
              placeholder="vps-1"
              maxLength={100}
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              required
            />
            <button type="submit" className="button is-primary" disabled={isMaking}>
              Make the command
            </button>
          </form>
          <p
            id="enrol-said"
            className={problem === undefined ? 'connect-note' : 'connect-note is-refusal'}
            role="status"
          >
            {problem ?? 'How it is called here: letters, digits, dots, dashes and underscores.'}
          </p>
        </Step>
        <Step number={2} title={made === undefined ? 'Run the command on it' : `Run this on ${made.name}`}>
          {made === undefined ? (
            <p className="connect-note">It brings a token of its own for this host, which is shown once.</p>
          ) : (
            <>
              <CodeBlock key={made.id} code={made.command} secret={made.token} />
              {commandNotes(made, address).map((note) => (
                <p key={note} className="connect-note">
                  {note}
                </p>
              ))}
            </>
          )}
        </Step>
      </ol>
      {made !== undefined && <FirstReport key={made.id} way={way} host={made.name} />}
      <EnrolledHosts list={list} status={status} />
    </>
  );
}

/** Asks the hub for a command. The one before stays until there is another. */
function useMaking(onMade: () => void) {
  const [made, setMade] = useState<MadeCommand>();
  const [problem, setProblem] = useState<string>();
  const [isMaking, setMaking] = useState(false);
  const make = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('host')).trim();
    setMaking(true);
    setProblem(undefined);
    try {
      setMade(await send<MadeCommand>('agents', { name }));
      announce('The command is made');
      onMade();
    } catch (error) {
      setProblem(troubleOf(error).text);
    } finally {
      setMaking(false);
    }
  };
  return { made, problem, isMaking, make };
}

/** What has to be known before it is typed. */
function commandNotes({ single_file }: MadeCommand, { origin, authRequired }: HubAddress): string[] {
  const { protocol, hostname } = new URL(origin);
  const isHere = /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
  return [
    single_file
      ? 'For Linux with systemd. It fetches the agent from this hub, and starts it now and at every boot.'
      : 'For Linux with systemd, Node 24 and npm. “npm run build:agent” in the checkout that the hub runs from makes one file of the agent, which needs neither.',
    ...(isHere
      ? ['Other hosts cannot reach this hub as localhost: open this page under the address that they can reach.']
      : []),
    ...(protocol === 'http:' && !isHere
      ? ['Over http:// the token can be read on its way: put the hub behind HTTPS.']
      : []),
    ...(authRequired ? [] : ['This hub asks for no token yet. Once it has an AUTH_TOKEN, this one lets the host in.']),
  ];
}
