/** The list of all hosts and Fly apps, trouble first. */

import type { FleetOverview } from '@flywatch/core';
import { type ReactElement, useDeferredValue, useEffect, useMemo } from 'react';
import { Link } from '../app/Link.tsx';
import { Notice } from '../app/Notice.tsx';
import { LoadFailed, Stale } from '../app/Troubles.tsx';
import { useAnswer } from '../app/useAnswer.ts';
import { useNow } from '../app/useNow.ts';
import { FleetBar } from './FleetBar.tsx';
import { FleetHead, FleetTable } from './FleetTable.tsx';
import { isFound } from './fleet-overview.ts';
import { changeFleetView, type FleetView } from './fleet-view.ts';
import { HubNow } from './hub-now.ts';
import { Summary } from './Summary.tsx';
import { tellTroubleCount } from './trouble-count.ts';
import { missingText } from './words.ts';
import './fleet.css';
import './rows.css';
import './phone.css';

/** Agents report every few seconds at most; more often nothing new would be told. */
const POLL_MS = 5000;

export function FleetList({ view }: { readonly view: FleetView }): ReactElement {
  const { hours } = view;
  const answer = useAnswer<FleetOverview>('/api/fleet/overview', { hours }, { everyMs: POLL_MS });
  const { data: overview, error, atMs, again } = answer;
  // A question about another range keeps the rows of the one before until it is answered; their words say which it is.
  const shownHours = Number(answer.params?.hours ?? hours);
  const ageMs = Math.max(0, useNow(1000) - atMs);
  useEffect(() => {
    if (overview !== undefined) tellTroubleCount(overview);
  }, [overview]);
  const isStale = overview !== undefined && error !== undefined;
  const found = useMemo(
    () =>
      overview && {
        units: overview.units.filter(
          (unit) => (view.kind === 'all' || unit.kind === view.kind) && isFound(unit, view.search),
        ),
        hours: shownHours,
        atMs: Date.parse(overview.at),
        list: view,
      },
    [overview, shownHours, view],
  );
  // Hundreds of rows are drawn when there is time, and not between a key and its letter.
  const shown = useDeferredValue(found);
  return (
    <>
      <FleetBar view={view} overview={overview} isStale={isStale} />
      {isStale && <Stale error={error} atMs={atMs} onAgain={again} />}
      {overview === undefined && error !== undefined ? (
        <LoadFailed what="The fleet" error={error} onAgain={again} />
      ) : overview?.units.length === 0 ? (
        overview.complete ? (
          <NothingYet />
        ) : (
          <NotTold overview={overview} onAgain={again} />
        )
      ) : (
        <div className={isStale ? 'fleet scroll is-old' : 'fleet scroll'}>
          <Summary overview={overview} hours={shownHours} ageMs={ageMs} isStale={isStale} />
          {overview === undefined || shown === undefined ? (
            <Waiting hours={hours} />
          ) : shown.units.length === 0 ? (
            <NoneFound view={view} />
          ) : (
            <HubNow value={Date.parse(overview.at) + ageMs}>
              <FleetTable {...shown} />
            </HubNow>
          )}
        </div>
      )}
    </>
  );
}

function NothingYet(): ReactElement {
  return (
    <Notice tone="quiet" title="Nothing is connected yet">
      <p>A host appears here with its agent’s first report, a Fly app with its first line.</p>
      <Link className="button is-primary" href="/ui/connect">
        Connect a source
      </Link>
    </Notice>
  );
}

/** No host is not the same as none that could be told of. */
function NotTold({ overview, onAgain }: { overview: FleetOverview; onAgain: () => void }): ReactElement {
  return (
    <Notice tone="down" title="The fleet is not known now">
      <p>The hub answered {missingText(overview)}. Its store may be away; Status says more.</p>
      <button type="button" className="button" onClick={onAgain}>
        Try now
      </button>
      <Link className="button is-plain" href="/ui/status">
        Status
      </Link>
    </Notice>
  );
}

function NoneFound({ view }: { readonly view: FleetView }): ReactElement {
  return (
    <Notice tone="quiet" title="No host or app matches">
      <p>Searched are names, apps, regions, machines, and what is wrong.</p>
      <button type="button" className="button" onClick={() => changeFleetView(view, { search: '', kind: 'all' })}>
        Show all
      </button>
    </Notice>
  );
}

/** Rows and cells of the bars that stand for what is to come. */
const WAITING_ROWS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const CELLS = ['who', 'cpu', 'memory', 'disk', 'load', 'errors', 'checks', 'seen'] as const;

/** The real columns with still bars in them; only seen where the answer takes long. */
function Waiting({ hours }: { readonly hours: number }): ReactElement {
  return (
    <table className="fleet-table">
      <FleetHead hours={hours} />
      <tbody className="fleet-waiting">
        {WAITING_ROWS.map((row) => (
          <tr key={row} className="fleet-row">
            {CELLS.map((cell) => (
              <td key={cell} className={`fleet-${cell}`}>
                <i />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
