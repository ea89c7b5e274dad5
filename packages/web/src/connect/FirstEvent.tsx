/** The last card of a way: waits for the first real line, and turns green by itself. */

import { type ReactElement, useEffect, useState } from 'react';
import { announce } from '../app/announce.ts';
import { counted } from '../app/format.ts';
import { FineIcon, WaitingIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';
import { useNow } from '../app/useNow.ts';
import { ageOf, type HubStatus } from '../status/hub-status.ts';
import type { Way } from './ways.ts';

export function FirstEvent({
  way,
  status,
}: {
  readonly way: Way;
  readonly status: HubStatus | undefined;
}): ReactElement {
  const [sinceMs] = useState(Date.now);
  const nowMs = useNow(1000);
  const source = status?.sources.find(({ name }) => name === way.source);
  const hasCome = source !== undefined && source.events > 0;
  useEffect(() => {
    if (hasCome) announce('Lines arrive');
  }, [hasCome]);
  if (hasCome && status !== undefined) {
    return (
      <div className="first-event is-here" role="status">
        <FineIcon />
        <h3>Lines arrive</h3>
        <p>
          {counted(source.events, 'line')} since the hub was started, the newest {ageOf(source.last_event_at, status)}.
        </p>
        <Link className="button" href="/ui/">
          See them live
        </Link>
      </div>
    );
  }
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  return (
    <div className="first-event">
      <WaitingIcon />
      <h3>{way.waiting}</h3>
      <p>This page notices by itself. {way.noneYet}</p>
      <span className="first-event-clock figures" aria-hidden="true">
        {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
      </span>
    </div>
  );
}
