/** Rows that are no lines: lines missing here, the connection that was away. */

import { type GapItem, gapReason, type ReconnectedItem } from '@flywatch/react';
import type { ReactElement } from 'react';
import { counted, formatClock, formatCount, formatSpan } from '../../app/format.ts';
import { FineIcon, RefreshIcon, WarningIcon } from '../../app/icons.tsx';
import type { Zone } from '../../app/settings.ts';
import type { GapProgress } from './gap-loader.ts';
import './band.css';

interface BandRowProps {
  readonly item: GapItem | ReconnectedItem;
  /** Times of the lines before and behind. */
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
  readonly zone: Zone;
  readonly progress: GapProgress | undefined;
  readonly isFiltered: boolean;
  readonly onLoad: (key: string) => void;
  readonly onStop: () => void;
}

export function BandRow(props: BandRowProps): ReactElement {
  const { item, beforeMs, afterMs, zone } = props;
  if (item.type === 'gap') return <Gap {...props} item={item} />;
  const atMs = afterMs ?? beforeMs;
  const caughtUp = item.caughtUp === 0 ? 'no line came meanwhile' : `${counted(item.caughtUp, 'line')} caught up`;
  return (
    <div className="list-band">
      <time className="list-time">{atMs !== undefined && formatClock(atMs, zone, true)}</time>
      <FineIcon className="is-ok" />
      <p>
        <b>Reconnected after {formatSpan(item.awayMs)}.</b> {caughtUp}
        {item.complete && ', none lost'}
      </p>
    </div>
  );
}

function Gap(props: BandRowProps & { readonly item: GapItem }): ReactElement {
  const { item, beforeMs, afterMs, zone, progress, isFiltered, onLoad, onStop } = props;
  if (progress?.type === 'loading') {
    return (
      <div className="list-band">
        <time className="list-time" />
        <RefreshIcon />
        <p>
          Loading {formatCount(progress.loaded)}
          {item.count !== null && ` of ${formatCount(item.count)}`}…
        </p>
        {item.count !== null && !isFiltered && <progress value={progress.loaded} max={item.count} />}
        <button type="button" className="link-button" onClick={onStop}>
          Stop
        </button>
      </div>
    );
  }
  if (progress?.type === 'filled') return <Filled loaded={progress.loaded} item={item} isFiltered={isFiltered} />;
  const span = [beforeMs, afterMs].map((ms) => (ms === undefined ? undefined : formatClock(ms, zone, true)));
  return (
    <div className="list-band is-gap">
      <time className="list-time">{span[0]}</time>
      <WarningIcon />
      <p>
        <b>
          {item.count === null ? 'Gap: lines may be missing here' : `Gap: ${counted(item.count, 'line')} not shown`}
        </b>
        {span[0] !== undefined && span[1] !== undefined && ` · ${span[0]} to ${span[1]}`}
        {progress?.type === 'failed' ? ` · ${progress.failure.message}` : ` · ${gapReason(item.reason)}`}
      </p>
      {item.url !== undefined && (
        <button type="button" className="link-button" onClick={() => onLoad(item.key)}>
          Load them
        </button>
      )}
    </div>
  );
}

/** What became of a gap: all is here, or retention has eaten the rest. A filter passes over lines too, so then it is no loss. */
function Filled({ loaded, item, isFiltered }: { loaded: number; item: GapItem; isFiltered: boolean }): ReactElement {
  const gone = item.count === null || isFiltered ? 0 : Math.max(0, item.count - loaded);
  return (
    <div className="list-band">
      <time className="list-time" />
      {gone > 0 ? <WarningIcon /> : <FineIcon className="is-ok" />}
      <p>
        {gone > 0 && (
          <>
            <b>{counted(gone, 'line is', 'lines are')} gone</b> · older than what the hub keeps
          </>
        )}
        {gone === 0 && (
          <>
            <b>The gap is filled.</b> {loaded === 0 ? 'No line of it matches' : `${counted(loaded, 'line')} loaded`}
          </>
        )}
      </p>
    </div>
  );
}
