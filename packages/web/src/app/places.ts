/** The places of the page: what the rail, the tabs of a phone, the keys and the palette lead to. Each is loaded when it is opened. */

import { type ComponentType, lazy } from 'react';
import { useTroubleCount } from '../fleet/trouble-count.ts';
import { ConnectIcon, FleetIcon, LiveIcon, SettingsIcon, SnapshotsIcon, StatusIcon } from './icons.tsx';

export interface Place {
  readonly path: string;
  readonly name: string;
  readonly Icon: ComponentType;
  readonly Page: ComponentType;
  /** Goes there from anywhere. */
  readonly key: string;
  /** Where in the rail. */
  readonly at: 'top' | 'bottom';
  /** Whether it has a tab on a phone, which has room for five; the others are under More. */
  readonly isTab?: boolean;
  /** How many things in it need a person; 0 shows no badge. */
  readonly useBadge?: () => number;
}

export const PLACES: readonly Place[] = [
  {
    path: '/ui/',
    name: 'Live',
    Icon: LiveIcon,
    Page: lazy(async () => ({ default: (await import('../live/LivePage.tsx')).LivePage })),
    key: 'Shift+L',
    at: 'top',
    isTab: true,
  },
  {
    path: '/ui/fleet',
    name: 'Fleet',
    Icon: FleetIcon,
    Page: lazy(async () => ({ default: (await import('../fleet/FleetPage.tsx')).FleetPage })),
    key: 'Shift+F',
    at: 'top',
    isTab: true,
    useBadge: useTroubleCount,
  },
  {
    path: '/ui/snapshots',
    name: 'Snapshots',
    Icon: SnapshotsIcon,
    Page: lazy(async () => ({ default: (await import('../snapshots/SnapshotsPage.tsx')).SnapshotsPage })),
    key: 'Shift+N',
    at: 'top',
  },
  {
    path: '/ui/connect',
    name: 'Connect',
    Icon: ConnectIcon,
    Page: lazy(async () => ({ default: (await import('../connect/ConnectPage.tsx')).ConnectPage })),
    key: 'Shift+C',
    at: 'bottom',
  },
  {
    path: '/ui/status',
    name: 'Status',
    Icon: StatusIcon,
    Page: lazy(async () => ({ default: (await import('../status/StatusPage.tsx')).StatusPage })),
    key: 'Shift+S',
    at: 'bottom',
  },
  {
    path: '/ui/settings',
    name: 'Settings',
    Icon: SettingsIcon,
    Page: lazy(async () => ({ default: (await import('../settings/SettingsPage.tsx')).SettingsPage })),
    key: 'Shift+O',
    at: 'bottom',
  },
];

/** The place of an address; `/ui/status/` is `/ui/status`. Undefined where there is none. */
export function placeOf(path: string, places: readonly Place[] = PLACES): Place | undefined {
  const exact = path.replace(/\/+$/, '');
  return places.find((place) => place.path.replace(/\/$/, '') === exact);
}
