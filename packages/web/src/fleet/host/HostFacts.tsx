import { Isolated } from '@flywatch/react';
import type { ReactElement } from 'react';
import { formatSpan } from '../../app/format.ts';
import type { FleetUnit } from '../fleet-overview.ts';
import { seenText, sizeText } from '../words.ts';

interface HostFactsProps {
  readonly unit: FleetUnit;
  /** The hub's now. */
  readonly nowMs: number;
}

/** What the host is, in one line: system, size, agent, apps, and whatever else is wrong with it. */
export function HostFacts({ unit, nowMs }: HostFactsProps): ReactElement {
  const { system, apps, reasons, last_seen, this_hub, state } = unit;
  const { os, kernel, uptime_seconds, agent_version } = system ?? {};
  const isOld = state === 'late' || state === 'down';
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['', this_hub ? 'VPS, this hub' : 'VPS'],
    ['', [os, kernel ? `kernel ${kernel}` : ''].filter(Boolean).join(', ')],
    ['', sizeText(system)],
    ['Up', typeof uptime_seconds === 'number' ? formatSpan(uptime_seconds * 1000) : ''],
    ['Agent', agent_version ?? ''],
    ['Apps', apps.join(', ')],
    [
      'Also',
      reasons
        .slice(1)
        .map(({ text }) => text)
        .join('; '),
    ],
  ];
  return (
    <ul className="host-facts">
      {facts.map(
        ([name, value]) =>
          value !== '' && (
            <li key={name + value}>
              {name !== '' && <span className="quiet">{name} </span>}
              <Isolated text={value} />
            </li>
          ),
      )}
      <li className={isOld ? 'is-late' : undefined}>
        <span className="quiet">Reported </span>
        {seenText(last_seen, nowMs)}
      </li>
    </ul>
  );
}
