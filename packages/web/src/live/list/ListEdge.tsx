/** What is said at the upper end of the list, over it: that older lines are being read, could not be, or are too many. */

import type { ReactElement } from 'react';
import { formatCount } from '../../app/format.ts';
import type { ChangeView, View } from '../view.ts';
import type { Feed, FeedSnapshot } from './feed.ts';
import './band.css';

interface ListEdgeProps {
  readonly snapshot: FeedSnapshot;
  readonly feed: Feed;
  readonly view: View;
  readonly onView: ChangeView;
}

export function ListEdge({ snapshot, feed, onView }: ListEdgeProps): ReactElement | null {
  const { older, newer, failure, lines, items, phase, isLineGone } = snapshot;
  if (phase !== 'ready') return null;
  if (older === 'failed' || newer === 'failed') {
    const again = () => void (older === 'failed' ? feed.loadOlder(true) : feed.loadNewer(true));
    return (
      <p className="list-edge is-failed">
        {older === 'failed' ? 'Older' : 'Newer'} lines could not be read: {failure?.message}
        <button type="button" className="link-button" onClick={again}>
          Try again
        </button>
      </p>
    );
  }
  if (older === 'full') {
    const first = items.at(items.first);
    const toMs = first?.type === 'line' ? Date.parse(first.event.time) : undefined;
    return (
      <p className="list-edge">
        {formatCount(lines)} lines are held here.
        {toMs !== undefined && (
          <button
            type="button"
            className="link-button"
            onClick={() =>
              onView({ range: { kind: 'between', fromMs: Math.min(Date.parse(feed.from), toMs - 1), toMs } })
            }
          >
            Show those before
          </button>
        )}
      </p>
    );
  }
  if (isLineGone)
    return <p className="list-edge is-failed">The line of this link is gone: the hub no longer keeps it.</p>;
  return null;
}
