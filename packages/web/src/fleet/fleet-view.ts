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

/** The address of the list; defaults are left out. */
export function listHref({ search, kind, hours }: Omit<FleetView, 'host'>): string {
  const url = new URLSearchParams();
  if (search !== '') url.set('q', search);
  if (kind !== 'all') url.set('kind', kind);
  if (hours !== LIST_HOURS[0]) url.set('hours', String(hours));
  return url.size === 0 ? '/ui/fleet' : `/ui/fleet?${url}`;
}

export function hostHref(name: string): string {
  return `/ui/fleet?${new URLSearchParams({ host: name })}`;
}

export function useFleetView(): FleetView {
  const search = useSearch();
  return useMemo(() => parseFleetView(new URLSearchParams(search)), [search]);
}

/** Changes the list's address in place: Back leads to where the page was opened from, and not through each letter of a search. */
export function changeFleetView(view: FleetView, patch: Partial<FleetView>): void {
  navigate(listHref({ ...view, ...patch }), 'replace');
}
