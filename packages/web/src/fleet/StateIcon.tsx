import type { FleetMachine, FleetUnit } from '@flywatch/core';
import type { ComponentType, ReactElement } from 'react';
import { DownIcon, ErrorIcon, FineIcon, LateIcon, OffIcon, WarningIcon } from '../app/icons.tsx';

interface Look {
  readonly Icon: ComponentType;
  readonly tone: 'ok' | 'late' | 'down' | 'off';
  readonly name: string;
}

const DOWN: Look = { Icon: DownIcon, tone: 'down', name: 'Down' };
const ERROR: Look = { Icon: ErrorIcon, tone: 'down', name: 'Needs attention' };
const WARNING: Look = { Icon: WarningIcon, tone: 'late', name: 'Warning' };
const LATE: Look = { Icon: LateIcon, tone: 'late', name: 'Late' };
const STOPPED: Look = { Icon: OffIcon, tone: 'off', name: 'Stopped' };
const FINE: Look = { Icon: FineIcon, tone: 'ok', name: 'Fine' };

const UNITS: Readonly<Record<FleetUnit['state'], Look>> = {
  down: DOWN,
  attention: ERROR,
  late: LATE,
  stopped: STOPPED,
  fine: FINE,
};

const MACHINES: Readonly<Record<FleetMachine['state'], Look>> = {
  started: FINE,
  stopped: STOPPED,
  killed: ERROR,
  crashed: ERROR,
  failing: WARNING,
  unknown: { ...LATE, name: 'Unknown' },
};

export function unitLook({ state, severity }: Pick<FleetUnit, 'state' | 'severity'>): Look {
  return state === 'attention' && severity === 'warn' ? WARNING : UNITS[state];
}

export function machineLook({ state }: FleetMachine): Look {
  return MACHINES[state];
}

/** A state as a shape of its own: colour only repeats what the shape says. */
export function StateIcon({ look: { Icon, tone, name } }: { readonly look: Look }): ReactElement {
  return (
    <span className={`fleet-state is-${tone}`} title={name}>
      <Icon />
      <span className="only-heard">{name}</span>
    </span>
  );
}
