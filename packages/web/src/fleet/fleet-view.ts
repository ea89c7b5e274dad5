/** What the Fleet place shows. The address is its only home, as on Live: each state is a link, and Back leads through them. */

import { useMemo } from 'react';
import { navigate, useSearch } from '../app/location.ts';

export const KINDS = { all: 'All', vps: 'Hosts', fly: 'Fly apps' } as const;

export type Kind = keyof typeof KINDS;

/** Ranges of the list, in hours. */
export const LIST_HOURS = [1, 6, 24] as const;

export interface FleetView {
  readonly search: string;
  readonly kind: Kind;
  readonly hours: number;
  /** The host whose page is open. In the query and not in the path, since a host may be called `..` or `a/b.js`. */
  readonly host: string | undefined;
}

/** Names of hosts have at most 256 characters; a longer text in the address is none. */
const MAX_NAME_LENGTH = 256;

/** The list as it is when nothing was chosen. */
export const WHOLE_LIST: ListView = { search: '', kind: 'all', hours: LIST_HOURS[0] };

/** What is missing or cannot be understood is left at its default. */
export function parseFleetView(url: URLSearchParams): FleetView {
  const host = url.get('host') ?? '';
  return {
    search: (url.get('q') ?? '').slice(0, MAX_NAME_LENGTH),
    kind: (Object.keys(KINDS) as Kind[]).find((kind) => kind === url.get('kind')) ?? 'all',
    hours: LIST_HOURS.find((hours) => String(hours) === url.get('hours')) ?? LIST_HOURS[0],
    host: host === '' || host.length > MAX_NAME_LENGTH ? undefined : host,
  };
}

/** What the list shows: its search stays in the address while a host is open, so that the way back leads to it. */
export type ListView = Omit<FleetView, 'host'>;

/** The address of the list; defaults are left out. */
export function listHref(list: ListView): string {
  return fleetHref(listParams(list));
}

/** The address of a host's page. */
export function hostHref(name: string, list: ListView): string {
  return fleetHref([['host', name], ...listParams(list)]);
}

export type Params = readonly (readonly [name: string, value: string])[];

export function listParams({ search, kind, hours }: ListView): Params {
  return [
    ...(search === '' ? [] : [['q', search] as const]),
    ...(kind === 'all' ? [] : [['kind', kind] as const]),
    ...(hours === LIST_HOURS[0] ? [] : [['hours', String(hours)] as const]),
  ];
}

export function fleetHref(params: Params): string {
  const url = new URLSearchParams(params.map((pair) => [...pair]));
  return url.size === 0 ? '/ui/fleet' : `/ui/fleet?${url}`;
}

export function useFleetView(): FleetView {
  const search = useSearch();
  return useMemo(() => parseFleetView(new URLSearchParams(search)), [search]);
}

/** Changes the list's address in place: Back leads to where the page was opened from, and not through each letter of a search. */
export function changeFleetView(view: FleetView, patch: Partial<FleetView>): void {
  navigate(listHref({ ...view, ...patch }), 'replace');
}
