/** The last card of a way: waits for the first sign of what was connected, and turns green by itself. */

import { type ReactElement, type ReactNode, useEffect, useState } from 'react';
import { announce } from '../app/announce.ts';
import { FineIcon, WaitingIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';
import { useNow } from '../app/useNow.ts';
import type { Way } from './ways.ts';

interface FirstCardProps {
  readonly way: Pick<Way, 'waiting' | 'noneYet'>;
  /** What has come; undefined while nothing has. */
  readonly here: Here | undefined;
}

export interface Here {
  readonly title: string;
  readonly text: ReactNode;
  readonly link: { readonly href: string; readonly text: string };
}

export function FirstCard({ way, here }: FirstCardProps): ReactElement {
  const [sinceMs] = useState(Date.now);
  const nowMs = useNow(1000);
  const title = here?.title;
  useEffect(() => {
    if (title !== undefined) announce(title);
  }, [title]);
  if (here !== undefined) {
    return (
      <div className="first-event is-here" role="status">
        <FineIcon />
        <h3>{here.title}</h3>
        <p>{here.text}</p>
        <Link className="button" href={here.link.href}>
          {here.link.text}
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
