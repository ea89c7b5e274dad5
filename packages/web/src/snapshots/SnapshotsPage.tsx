/** How the hub and its logs were at moments of the past: the list, and the one that is open. */

import { type ReactElement, useState } from 'react';
import { formatMoment } from '../app/format.ts';
import { send } from '../app/hub.ts';
import { CameraIcon, ClockIcon, SnapshotsIcon, WarningIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';
import { navigate, useParameter } from '../app/location.ts';
import { Notice } from '../app/Notice.tsx';
import { useSettings } from '../app/settings.ts';
import { TopBar } from '../app/TopBar.tsx';
import { LoadFailed, Stale } from '../app/Troubles.tsx';
import { troubleOf } from '../app/trouble.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { SnapshotDetail } from './SnapshotDetail.tsx';
import { type Snapshot, TRIGGERS, troublesText } from './snapshot.ts';
import './snapshots.css';

const POLL_MS = 30_000;

/** As many as a list is scrolled through; eight hours of the usual schedule. */
const LISTED = 100;

const ICONS: Readonly<Record<string, typeof ClockIcon>> = {
  scheduled: ClockIcon,
  error_spike: WarningIcon,
  memory_high: WarningIcon,
};

export function SnapshotsPage(): ReactElement {
  const openId = useParameter('id');
  const list = useAnswer<{ readonly snapshots: readonly Snapshot[] }>(
    'snapshots',
    { limit: LISTED },
    { everyMs: POLL_MS },
  );
  const { taking, takeOne, problem } = useTaking(list.again);
  const snapshots = list.data?.snapshots;
  return (
    <>
      <TopBar>
        <h1>Snapshots</h1>
        <button type="button" className="button top-bar-rest" disabled={taking} onClick={takeOne}>
          <CameraIcon /> {taking ? 'Taking it' : 'Take one now'}
        </button>
      </TopBar>
      {problem !== undefined && (
        <div className="strip is-down" role="status">
          <WarningIcon />
          <p>
            <strong>The snapshot could not be taken.</strong> {problem}
          </p>
        </div>
      )}
      {snapshots !== undefined && list.error !== undefined && (
        <Stale error={list.error} atMs={list.atMs} onAgain={list.again} />
      )}
      {snapshots === undefined && list.error !== undefined && (
        <LoadFailed what="The snapshots" error={list.error} onAgain={list.again} />
      )}
      {snapshots?.length === 0 && (
        <Notice tone="quiet" title="No snapshot yet">
          <p>
            The hub takes one on its schedule, when errors pile up, when memory runs short, and when you ask for it.
          </p>
        </Notice>
      )}
      {snapshots !== undefined && snapshots.length > 0 && (
        <div className="snapshots">
          <nav className="snapshot-list" aria-label="Snapshots">
            {snapshots.map((snapshot) => (
              <SnapshotRow
                key={snapshot.id}
                snapshot={snapshot}
                isOpen={snapshot.id === (openId ?? snapshots[0]?.id)}
              />
            ))}
          </nav>
          <SnapshotDetail key={openId} id={openId ?? snapshots[0]!.id} known={snapshots} />
        </div>
      )}
    </>
  );
}

function SnapshotRow({ snapshot, isOpen }: { readonly snapshot: Snapshot; readonly isOpen: boolean }): ReactElement {
  const { zone } = useSettings();
  const { id, trigger, timestamp, logs } = snapshot;
  const Icon = ICONS[trigger] ?? SnapshotsIcon;
  return (
    <Link
      className="snapshot-row"
      data-trigger={trigger}
      href={`/ui/snapshots?id=${encodeURIComponent(id)}`}
      aria-current={isOpen}
    >
      <Icon />
      <span className="snapshot-when figures">{formatMoment(Date.parse(timestamp), zone, Date.now())}</span>
      <span className="snapshot-why">{TRIGGERS[trigger] ?? trigger}</span>
      <span className={logs !== null && logs.errors > 0 ? 'snapshot-count is-bad' : 'snapshot-count'}>
        {troublesText(logs)}
      </span>
    </Link>
  );
}

/** Takes a snapshot and opens it. */
function useTaking(onTaken: () => void) {
  const [taking, setTaking] = useState(false);
  const [problem, setProblem] = useState<string>();
  const takeOne = async () => {
    setTaking(true);
    setProblem(undefined);
    try {
      const { id } = await send<Snapshot>('snapshots');
      navigate(`/ui/snapshots?id=${encodeURIComponent(id)}`);
      onTaken();
    } catch (error) {
      setProblem(troubleOf(error).text);
    } finally {
      setTaking(false);
    }
  };
  return { taking, takeOne, problem };
}
