import type { FleetUnit } from '@flywatch/core';
import { Isolated } from '@flywatch/react';
import type { ReactElement } from 'react';
import { formatSpan } from '../../app/format.ts';
import { useNow } from '../../app/useNow.ts';
import { osText, seenText, sizeText } from '../words.ts';

interface HostFactsProps {
  readonly unit: FleetUnit;
  /** The hub's time in its answer, and the browser's when it came. */
  readonly hubMs: number;
  readonly atMs: number;
}

/** What the host is, in one line: system, size, agent, apps, and whatever else is wrong with it. */
export function HostFacts({ unit, hubMs, atMs }: HostFactsProps): ReactElement {
  const nowMs = hubMs + Math.max(0, useNow(1000) - atMs);
  const { system, apps, reasons, last_seen, this_hub, state } = unit;
  const { os, kernel, uptime_seconds, agent_version } = system ?? {};
  const isOld = state === 'late' || state === 'down';
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['', this_hub ? 'VPS, this hub' : 'VPS'],
    ['', [osText(os ?? null), kernel ? `kernel ${kernel}` : ''].filter(Boolean).join(', ')],
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
