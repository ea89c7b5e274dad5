/** A host or a Fly app: one row, which is a link to its page or to its lines. */

import type { FleetUnit } from '@flywatch/core';
import { Isolated, withoutControls } from '@flywatch/react';
import { type ReactElement, useContext } from 'react';
import { formatAge, UNKNOWN } from '../app/format.ts';
import { ChevronRightIcon } from '../app/icons.tsx';
import { Link } from '../app/Link.tsx';
import { useSettings } from '../app/settings.ts';
import { CheckStrip } from './CheckStrip.tsx';
import { ErrorsCell } from './ErrorsCell.tsx';
import { unitKey } from './fleet-overview.ts';
import { hostHref, type ListView } from './fleet-view.ts';
import { HubNow } from './hub-now.ts';
import { appHref } from './live-href.ts';
import { DiskMeter, PercentCell, toneClass } from './PercentCell.tsx';
import { Spark } from './Spark.tsx';
import { StateIcon, unitLook } from './StateIcon.tsx';
import { troubleColumns } from './trouble-columns.ts';
import { kindText, lastHeardText, machinesRunning, seenText } from './words.ts';

export interface UnitRowProps {
  readonly unit: FleetUnit;
  /** The list that it is a row of. */
  readonly list: ListView;
  readonly hours: number;
  /** The hub's time in its answer. */
  readonly atMs: number;
  /** Whether its machines stand below it; undefined where it has none to show. */
  readonly isUnfolded: boolean | undefined;
  readonly onFold: (key: string, isUnfolded: boolean) => void;
}

export function UnitRow({ unit, list, hours, atMs, isUnfolded, onFold }: UnitRowProps): ReactElement {
  const { kind, name, state, reasons, figures, spark, errors, checks } = unit;
  const wrong = troubleColumns(unit);
  const look = unitLook(unit);
  // A figure from before the range is none of it, and "41%" beside "No report for 4 h" would be a lie.
  const isKnown = atMs - Date.parse(unit.last_seen ?? '') <= hours * 3_600_000;
  const now = isKnown ? figures : null;
  const href = kind === 'vps' ? hostHref(name, list) : appHref(name, hours);
  return (
    <tr className={`fleet-row is-${state}${reasons.length > 0 ? ' has-reason' : ''}`}>
      <th scope="row" className="fleet-who">
        <StateIcon look={look} />
        <Link className="fleet-link" title={withoutControls(name)} href={href}>
          <Isolated text={name} />
        </Link>
        <span className="fleet-what">
          <Isolated text={kindText(unit)} />
          {unit.demo && <span className="fleet-chip">demo</span>}
          {isUnfolded !== undefined && (
            <button
              type="button"
              className="fleet-fold"
              aria-expanded={isUnfolded}
              aria-label={`Machines of ${withoutControls(name)}`}
              onClick={() => onFold(unitKey(unit), !isUnfolded)}
            >
              <ChevronRightIcon />
            </button>
          )}
        </span>
        {reasons[0] !== undefined && (
          <span
            className={`fleet-reason is-${look.tone}`}
            title={reasons.map(({ text }) => withoutControls(text)).join('\n')}
          >
            <Isolated text={reasons[0].text} />
            {reasons.length > 1 && <span className="fleet-more">+{reasons.length - 1}</span>}
          </span>
        )}
      </th>
      <PercentCell label="CPU" percent={now?.cpu_percent ?? null} severity={wrong.get('cpu')}>
        {spark !== null && <Spark values={spark.cpu_percent} />}
      </PercentCell>
      <PercentCell label="Memory" percent={now?.memory_percent ?? null} severity={wrong.get('memory')}>
        {spark !== null && <Spark values={spark.memory_percent} />}
      </PercentCell>
      {kind === 'vps' ? (
        <PercentCell label="Disk" percent={now?.disk_percent ?? null} severity={wrong.get('disk')}>
          <DiskMeter percent={now?.disk_percent ?? 0} />
        </PercentCell>
      ) : (
        <td className="fleet-figure is-machines" data-label="Machines">
          <span className="fleet-unknown">{UNKNOWN}</span>
          <span className="fleet-phone-value">
            {machinesRunning(unit)} of {unit.machines.length}
          </span>
        </td>
      )}
      <td className={`fleet-load${toneClass(wrong.get('load'))}`}>{now?.load_avg_1m?.toFixed(2) ?? UNKNOWN}</td>
      <ErrorsCell errors={errors} hours={hours} severity={wrong.get('errors')} />
      <td className="fleet-check-cell">
        {checks === null || checks.last.length === 0 ? (
          <span className="fleet-unknown">{UNKNOWN}</span>
        ) : (
          <CheckStrip last={checks.last} />
        )}
      </td>
      <LastSeen unit={unit} />
    </tr>
  );
}

/** When it was last heard of; for what is down the time, since by then an age is no help. */
function LastSeen({ unit: { state, last_seen } }: Pick<UnitRowProps, 'unit'>): ReactElement {
  const { zone } = useSettings();
  const nowMs = useContext(HubNow);
  const tone = state === 'down' ? ' is-down' : state === 'late' ? ' is-late' : '';
  const age = seenText(last_seen, nowMs);
  return (
    <td className={`fleet-seen${tone}`} title={last_seen ?? undefined}>
      {state === 'down' ? (
        <>
          <span className="fleet-wide">{lastHeardText(last_seen, zone, nowMs)}</span>
          <span className="fleet-phone-value">
            {last_seen === null ? age : formatAge(nowMs - Date.parse(last_seen))}
          </span>
        </>
      ) : (
        age
      )}
    </td>
  );
}
