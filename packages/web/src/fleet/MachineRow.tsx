import type { FleetMachine } from '@flywatch/core';
import { Isolated, withoutControls } from '@flywatch/react';
import { type ReactElement, useContext } from 'react';
import { UNKNOWN } from '../app/format.ts';
import { Link } from '../app/Link.tsx';
import { instanceClass } from '../live/instance-slot.ts';
import { ErrorsCell } from './ErrorsCell.tsx';
import { HubNow } from './hub-now.ts';
import { appHref } from './live-href.ts';
import { machineLook, StateIcon } from './StateIcon.tsx';
import { seenText } from './words.ts';

/** Ids are cut to so many characters, as in the list of lines; the whole id is in the title. */
const ID_CHARS = 8;

interface MachineRowProps {
  readonly app: string;
  readonly machine: FleetMachine;
  readonly hours: number;
}

/** A machine below its Fly app; its name leads to its lines. Fly's logs tell its state and its errors, and none of its figures. */
export function MachineRow({ app, machine, hours }: MachineRowProps): ReactElement {
  const { id, text, errors, last_seen } = machine;
  const look = machineLook(machine);
  const nowMs = useContext(HubNow);
  return (
    <tr className={`fleet-row fleet-machine ${instanceClass(id)}`}>
      <th scope="row" className="fleet-who">
        <StateIcon look={look} />
        <i className="fleet-tick" />
        <Link className="fleet-link mono" title={withoutControls(id)} href={appHref(app, hours, id)}>
          <Isolated text={id.slice(0, ID_CHARS)} />
        </Link>
        <span className="fleet-what">
          <Isolated text={text} />
        </span>
      </th>
      <td className="fleet-figure fleet-unknown">{UNKNOWN}</td>
      <td className="fleet-figure fleet-unknown">{UNKNOWN}</td>
      <td className="fleet-figure fleet-unknown">{UNKNOWN}</td>
      <td className="fleet-load fleet-unknown">{UNKNOWN}</td>
      <ErrorsCell errors={errors} hours={hours} severity={look.tone === 'down' ? 'error' : undefined} />
      <td className="fleet-check-cell fleet-unknown">{UNKNOWN}</td>
      <td className="fleet-seen">{seenText(last_seen, nowMs)}</td>
    </tr>
  );
}
