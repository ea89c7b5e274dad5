/** What to type so that lines and hosts come to this hub, and a card that tells when the first one is here. */

import type { ComponentType, ReactElement } from 'react';
import { BoxIcon, CloudIcon, FileIcon, FleetIcon, LateIcon, LockIcon, TickIcon } from '../app/icons.tsx';
import { navigate, useParameter } from '../app/location.ts';
import { TopBar } from '../app/TopBar.tsx';
import { Stale } from '../app/Troubles.tsx';
import { useAnswer } from '../app/useAnswer.ts';
import type { HubStatus } from '../status/hub-status.ts';
import { HostSteps } from './HostSteps.tsx';
import { LineSteps } from './LineSteps.tsx';
import { WAYS, type Way } from './ways.ts';
import './connect.css';

/** Whoever has just sent the first line looks at this page and waits. */
const POLL_MS = 2000;

const ICONS: Readonly<Record<Way['id'], ComponentType>> = {
  fly: CloudIcon,
  vps: FleetIcon,
  http: BoxIcon,
  file: FileIcon,
};

export function ConnectPage(): ReactElement {
  const wanted = useParameter('way');
  const way = WAYS.find(({ id }) => id === wanted) ?? WAYS[0]!;
  const { data: status, error, atMs, again } = useAnswer<HubStatus>('status', {}, { everyMs: POLL_MS });
  const isDemo = status?.sources.some(({ name, state }) => name === 'demo' && state === 'running') === true;
  // Until the hub has said that it is open, the examples bring a token: a command with one works on both.
  const address = { origin: location.origin, authRequired: status?.auth_required ?? true };
  return (
    <>
      <TopBar>
        <h1>Connect</h1>
        <p className="top-bar-rest is-wide-only">
          This hub: <code>{location.origin}</code>
        </p>
      </TopBar>
      {error !== undefined && status !== undefined && <Stale error={error} atMs={atMs} onAgain={again} />}
      {isDemo && (
        <div className="strip">
          <LateIcon />
          <p>
            <strong>You are looking at demo traffic.</strong> It is marked as such everywhere, and ends when the first
            real line arrives.
          </p>
        </div>
      )}
      <div className="connect">
        <div
          className="connect-ways"
          role="tablist"
          aria-label="What do you want to watch?"
          aria-orientation="vertical"
        >
          <p className="connect-question" aria-hidden="true">
            What do you want to watch?
          </p>
          {WAYS.map((one) => (
            <WayTab key={one.id} way={one} isChosen={one === way} onChoose={choose} />
          ))}
        </div>
        <div className="connect-how" role="tabpanel" id="connect-how" aria-labelledby={`way-${way.id}`}>
          <div className="connect-steps">
            <h2>{way.title}</h2>
            <p className="connect-text">{way.text}</p>
            {way.id === 'vps' ? (
              <HostSteps way={way} address={address} status={status} />
            ) : (
              <LineSteps key={way.id} way={way} address={address} status={status} />
            )}
          </div>
          <div className="connect-side">
            <h3>What it sends</h3>
            <ul>
              {way.sends.map((text) => (
                <li key={text}>
                  <TickIcon /> {text}
                </li>
              ))}
            </ul>
            <h3>What it may do</h3>
            <ul>
              {way.may.map((text) => (
                <li key={text}>
                  <LockIcon /> {text}
                </li>
              ))}
            </ul>
          </div>
        </div>
      </div>
    </>
  );
}

/** A choice among four is no step that Back should lead through. */
function choose({ id }: Way): void {
  navigate(`/ui/connect?way=${id}`, 'replace');
}

function WayTab({
  way,
  isChosen,
  onChoose,
}: {
  way: Way;
  isChosen: boolean;
  onChoose: (way: Way) => void;
}): ReactElement {
  const Icon = ICONS[way.id];
  const step = (by: 1 | -1) => {
    const next = WAYS[(WAYS.indexOf(way) + by + WAYS.length) % WAYS.length]!;
    onChoose(next);
    document.getElementById(`way-${next.id}`)?.focus();
  };
  return (
    <button
      type="button"
      role="tab"
      id={`way-${way.id}`}
      className="way"
      aria-selected={isChosen}
      aria-controls="connect-how"
      tabIndex={isChosen ? 0 : -1}
      onClick={() => onChoose(way)}
      onKeyDown={(event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowRight') step(1);
        else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') step(-1);
        else return;
        event.preventDefault();
      }}
    >
      <Icon />
      <span className="way-name">{way.name}</span>
      <span className="way-hint">{way.hint}</span>
    </button>
  );
}
