/** What stands in the place of lines: none yet, none that match and ways out, or what went wrong. */

import { type FilterNode, parseFilter } from '@flywatch/core';
import type { ReactElement } from 'react';
import { counted, formatClock, formatCount, formatSpan } from '../../app/format.ts';
import { ChevronRightIcon } from '../../app/icons.tsx';
import { Link } from '../../app/Link.tsx';
import { Notice } from '../../app/Notice.tsx';
import type { Zone } from '../../app/settings.ts';
import { useAnswer } from '../../app/useAnswer.ts';
import { rangeParams } from '../range-params.ts';
import { type ChangeView, rangeMoments, type View } from '../view.ts';
import { isPassing } from './failure.ts';
import { AGAIN_MS, type FeedSnapshot } from './feed.ts';
import { StillBars } from './StillBars.tsx';
import './notice.css';

interface ListNoticeProps {
  readonly snapshot: FeedSnapshot;
  readonly view: View;
  readonly onView: ChangeView;
  readonly zone: Zone;
  readonly onRetry: () => void;
}

export function ListNotice({ snapshot, view, onView, zone, onRetry }: ListNoticeProps): ReactElement {
  const { phase, failure } = snapshot;
  if (phase === 'loading') return <StillBars />;
  if (failure?.code === 'bad_filter') {
    return (
      <Notice tone="quiet" title="The filter cannot be read">
        <p>The search box shows where. Lines appear once it can be, or without it.</p>
        <button type="button" className="button" onClick={() => onView({ q: '' })}>
          Clear the filter
        </button>
      </Notice>
    );
  }
  if (failure !== undefined) {
    return (
      <Notice tone={failure.status === 0 ? 'offline' : 'down'} title="The search did not finish">
        <p>
          {failure.message} ({failure.status === 0 ? failure.code : `${failure.status}, ${failure.code}`}).
          {isPassing(failure) && ` It is tried again every ${formatSpan(AGAIN_MS)}.`}
        </p>
        <button type="button" className="button" onClick={onRetry}>
          Search again
        </button>
        <Link className="button is-plain" href="/ui/status">
          Status
        </Link>
      </Notice>
    );
  }
  return <NothingMatches view={view} onView={onView} zone={zone} />;
}

interface Counted {
  readonly total: number;
}

const DAY_MS = 86_400_000;

function NothingMatches({ view, onView, zone }: Pick<ListNoticeProps, 'view' | 'onView' | 'zone'>): ReactElement {
  const { q, range } = view;
  const within = rangeParams(range);
  const isFiltered = q !== '';
  const shorter = withoutLastTerm(q);
  const isShort = range.kind === 'last' && range.ms < DAY_MS;
  const all = useAnswer<Counted>('/logs/histogram', within).data?.total;
  const lastDay = useAnswer<Counted>(isShort ? '/logs/histogram' : undefined, { from: '24h', q: q || undefined });
  const day = lastDay.data?.total;
  const fewer = useAnswer<Counted>(shorter === undefined ? undefined : '/logs/histogram', {
    ...within,
    q: shorter?.text,
  });
  const { fromMs, toMs } = rangeMoments(range, Date.now());
  const span = range.kind === 'last' ? `in the last ${formatSpan(range.ms)}` : 'in this range';
  const isLive = range.kind === 'last';
  // What leads nowhere is no way out; until that is known, nothing is offered that would be taken away again.
  if (isShort && day === undefined && lastDay.error === undefined) return <StillBars />;
  return (
    <section className="list-notice">
      <h2>{isFiltered ? `No line matches ${span}` : `No line came ${span}`}</h2>
      <p>
        {isFiltered &&
          all !== undefined &&
          `Scanned ${counted(all, 'line')} from ${formatClock(fromMs, zone)} to ${formatClock(toMs, zone)}. `}
        {isLive &&
          (isFiltered ? 'New lines that match appear here as they arrive.' : 'New lines appear here as they arrive.')}
      </p>
      <ul>
        {isShort && day !== 0 && (
          <WayOut
            onPress={() => onView({ range: { kind: 'last', ms: DAY_MS } })}
            count={day}
            noun={isFiltered ? 'match' : ''}
          >
            {isFiltered ? 'Search' : 'Show'} the last 24 h
          </WayOut>
        )}
        {shorter !== undefined && (
          <WayOut onPress={() => onView({ q: shorter.text })} count={fewer.data?.total} noun="match">
            Without <code>{shorter.term}</code>
          </WayOut>
        )}
        {isFiltered && (
          <WayOut onPress={() => onView({ q: '' })} count={all} noun="">
            Clear the filter
          </WayOut>
        )}
      </ul>
      {!isFiltered && (
        <p>
          <Link className={day === 0 ? 'button is-primary' : undefined} href="/ui/connect">
            Connect a source
          </Link>
        </p>
      )}
    </section>
  );
}

interface WayOutProps {
  readonly onPress: () => void;
  readonly count: number | undefined;
  readonly noun: string;
  readonly children: React.ReactNode;
}

function WayOut({ onPress, count, noun, children }: WayOutProps): ReactElement {
  return (
    <li>
      <button type="button" onClick={onPress}>
        <span>{children}</span>
        <small>
          {count === undefined
            ? ''
            : `${formatCount(count)} ${count === 1 ? 'line' : 'lines'} ${count === 1 && noun !== '' ? `${noun}es` : noun}`}
        </small>
        <ChevronRightIcon />
      </button>
    </li>
  );
}

/** The filter without the last of its terms; undefined where it has only one, or cannot be read. */
function withoutLastTerm(q: string): { readonly text: string; readonly term: string } | undefined {
  let node: FilterNode;
  try {
    node = parseFilter(q);
  } catch {
    // The search box says so.
    return undefined;
  }
  const last = node.type === 'and' ? node.terms.at(-1) : undefined;
  if (last === undefined) return undefined;
  const { start, end } = last.position;
  const text = `${q.slice(0, start)}${q.slice(end)}`.replace(/\s+and\s*$/i, '').trim();
  return { text, term: q.slice(start, end) };
}
