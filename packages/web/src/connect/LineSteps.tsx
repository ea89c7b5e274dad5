/** A way for lines: its steps, and a card that waits for the first line. */

import type { ReactElement } from 'react';
import { counted } from '../app/format.ts';
import { ageOf, type HubStatus } from '../status/hub-status.ts';
import { CodeBlock } from './CodeBlock.tsx';
import { FirstCard, type Here } from './FirstCard.tsx';
import { Step } from './Step.tsx';
import type { HubAddress, WayOfLines } from './ways.ts';

interface LineStepsProps {
  readonly way: WayOfLines;
  readonly address: HubAddress;
  readonly status: HubStatus | undefined;
}

export function LineSteps({ way, address, status }: LineStepsProps): ReactElement {
  return (
    <>
      <ol>
        {way.steps(address).map(({ title, code, note }, index) => (
          <Step key={title} number={index + 1} title={title}>
            <CodeBlock code={code} />
            {note !== undefined && <p className="connect-note">{note}</p>}
          </Step>
        ))}
      </ol>
      <FirstCard way={way} here={status === undefined ? undefined : linesHere(way, status)} />
    </>
  );
}

function linesHere(way: WayOfLines, status: HubStatus): Here | undefined {
  const source = status.sources.find(({ name }) => name === way.source);
  if (source === undefined || source.events === 0) return undefined;
  return {
    title: 'Lines arrive',
    text: `${counted(source.events, 'line')} since the hub was started, the newest ${ageOf(source.last_event_at, status)}.`,
    link: { href: '/ui/', text: 'See them live' },
  };
}
