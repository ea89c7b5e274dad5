import type { FleetUnit } from '@flywatch/core';
import { memo, type ReactElement, useCallback, useRef, useState } from 'react';
import { counted } from '../app/format.ts';
import { useKeys } from '../app/keys.ts';
import { Link } from '../app/Link.tsx';
import { unitKey } from './fleet-overview.ts';
import { type ListView, listHref } from './fleet-view.ts';
import { appHref } from './live-href.ts';
import { MachineRow } from './MachineRow.tsx';
import { machineLook } from './StateIcon.tsx';
import { UnitRow, type UnitRowProps } from './UnitRow.tsx';
import { useStillGroups } from './useStillGroups.ts';

interface FleetTableProps {
  readonly units: readonly FleetUnit[];
  readonly hours: number;
  /** The hub's time in its answer. */
  readonly atMs: number;
  readonly list: ListView;
}

/** An app may run hundreds of machines: the first of them, which the hub tells worst first, are shown, and the others are in Live. */
const MAX_MACHINES = 12;

/** All units in their groups, trouble first; the machines of an app in trouble below it. */
export const FleetTable = memo(function FleetTable({ units, hours, atMs, list }: FleetTableProps): ReactElement {
  const { groups, handlers } = useStillGroups(units, listHref(list));
  const table = useRef<HTMLTableElement>(null);
  const [folds, setFolds] = useState<ReadonlyMap<string, boolean>>(new Map());
  const onFold = useCallback(
    (key: string, isUnfolded: boolean) => setFolds((before) => new Map(before).set(key, isUnfolded)),
    [],
  );
  useRowKeys(table);
  return (
    <table ref={table} className="fleet-table" {...handlers}>
      <FleetHead hours={hours} />
      {groups.map(({ name, units }) => (
        <tbody key={name}>
          <tr className={`fleet-group is-${name === 'Fine' ? 'fine' : 'other'}`}>
            <th scope="rowgroup" colSpan={8}>
              {name} <small>{units.length}</small>
            </th>
          </tr>
          {units.map((unit) => {
            const key = unitKey(unit);
            const isUnfolded = unit.machines.length > 0 ? (folds.get(key) ?? hasTrouble(unit)) : undefined;
            return (
              <UnitRows
                key={key}
                unit={unit}
                list={list}
                hours={hours}
                atMs={atMs}
                isUnfolded={isUnfolded}
                onFold={onFold}
              />
            );
          })}
        </tbody>
      ))}
    </table>
  );
});

/** The names of the columns, which stand before there is anything in them. */
export function FleetHead({ hours }: { readonly hours: number }): ReactElement {
  return (
    <thead>
      <tr className="fleet-head">
        <th scope="col" className="fleet-who">
          Host or app
        </th>
        <th scope="col">CPU</th>
        <th scope="col">Memory</th>
        <th scope="col">Disk, fullest</th>
        <th scope="col" className="fleet-load">
          Load, 1 min
        </th>
        <th scope="col" className="fleet-errors">
          Errors, {hours} h
        </th>
        <th scope="col">Checks, last 20</th>
        <th scope="col">Last seen</th>
      </tr>
    </thead>
  );
}

const UnitRows = memo(function UnitRows({ unit, list, hours, atMs, isUnfolded, onFold }: UnitRowProps): ReactElement {
  const machines = isUnfolded ? unit.machines : [];
  const rest = machines.length - MAX_MACHINES;
  return (
    <>
      <UnitRow unit={unit} list={list} hours={hours} atMs={atMs} isUnfolded={isUnfolded} onFold={onFold} />
      {machines.slice(0, MAX_MACHINES).map((machine) => (
        <MachineRow key={machine.id} app={unit.name} machine={machine} hours={hours} />
      ))}
      {rest > 0 && (
        <tr className="fleet-rest">
          <td colSpan={8}>
            <Link href={appHref(unit.name, hours)}>{counted(rest, 'more machine')} in Live</Link>
          </td>
        </tr>
      )}
    </>
  );
});

/** Whether one of its machines is why somebody looks here. */
function hasTrouble({ machines }: FleetUnit): boolean {
  return machines.some((machine) => machineLook(machine).tone === 'down');
}

/** `j` and `k` move the focus from row to row; `Enter` is the link's own. */
function useRowKeys(table: { readonly current: HTMLElement | null }): void {
  const move = (by: 1 | -1) => () => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('.fleet-link') ?? [])];
    const row = document.activeElement?.closest('tr')?.querySelector<HTMLElement>('.fleet-link');
    const at = row === null || row === undefined ? -1 : links.indexOf(row);
    const next = links[at === -1 ? 0 : at + by];
    next?.focus({ preventScroll: true });
    next?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({
    scope: 'stream',
    keys: {
      j: { text: 'Next, previous row', run: move(1) },
      k: { text: 'Next, previous row', run: move(-1) },
    },
  });
}
