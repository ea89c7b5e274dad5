import type { ChunkedList, StreamItem } from '@flywatch/react';
import type { ReactElement } from 'react';
import { InfoIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';

/** Says that what is shown is made up, for as long as it is: the first real line ends it. */
export function DemoBanner({ items }: { readonly items: ChunkedList<StreamItem> }): ReactElement | null {
  const newest = items.at(items.end - 1);
  if (newest?.type !== 'line' || newest.event.fields?.demo !== true) return null;
  return (
    <p className="live-banner">
      <InfoIcon />
      <span>
        <b>Nothing is connected yet.</b> Demo traffic is shown until the first real line arrives.
      </span>
      <Link href="/ui/connect">Connect a source</Link>
    </p>
  );
}
