/** What a host's page shows: its range, a part of it that was zoomed into, and a time that is pinned. All of it is in the address. */

import { parseTime } from '@flywatch/core';
import { useMemo } from 'react';
import { navigate, useSearch } from '../../app/location.ts';
import type { Range } from '../../live/view.ts';
import { fleetHref, type ListView, listParams } from '../fleet-view.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The ranges to choose from, as the address names them; the hub keeps figures for 90 days. */
export const RANGES = {
  '1h': { name: '1 h', ms: HOUR },
  '6h': { name: '6 h', ms: 6 * HOUR },
  '24h': { name: '24 h', ms: DAY },
  '7d': { name: '7 d', ms: 7 * DAY },
  '30d': { name: '30 d', ms: 30 * DAY },
  '90d': { name: '90 d', ms: 90 * DAY },
} as const;

export type RangeName = keyof typeof RANGES;

export interface HostView {
  readonly range: RangeName;
  /** What was zoomed into; it stands still while the range follows now. */
  readonly zoom: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** The time at which the crosshair stands, whatever the pointer does. */
  readonly pinMs: number | undefined;
}

/** A shorter one has no two reports in it. */
export const MIN_ZOOM_MS = 10_000;

/** What is missing or cannot be understood is left at its default. */
export function parseHostView(url: URLSearchParams): HostView {
  const fromMs = parseTime(url.get('from'))?.ms;
  const toMs = parseTime(url.get('to'))?.ms;
  const isZoomed = fromMs !== undefined && toMs !== undefined && toMs - fromMs >= MIN_ZOOM_MS;
  return {
    range: (Object.keys(RANGES) as RangeName[]).find((name) => name === url.get('range')) ?? '1h',
    zoom: isZoomed ? { fromMs, toMs } : undefined,
    pinMs: parseTime(url.get('at'))?.ms,
  };
}

export function hostViewHref(name: string, list: ListView, { range, zoom, pinMs }: HostView): string {
  const iso = (ms: number) => new Date(ms).toISOString();
  return fleetHref([
    ['host', name],
    ...(range === '1h' ? [] : [['range', range] as const]),
    ...(zoom === undefined ? [] : [['from', iso(zoom.fromMs)] as const, ['to', iso(zoom.toMs)] as const]),
    ...(pinMs === undefined ? [] : [['at', iso(pinMs)] as const]),
    ...listParams(list),
  ]);
}

export type ChangeHostView = (patch: Partial<HostView>, how?: 'push' | 'replace') => void;

export function useHostView(name: string, list: ListView): readonly [HostView, ChangeHostView] {
  const search = useSearch();
  const view = useMemo(() => parseHostView(new URLSearchParams(search)), [search]);
  return [view, (patch, how) => navigate(hostViewHref(name, list, { ...view, ...patch }), how)];
}

/** The same as a range of Live. */
export function liveRange({ range, zoom }: HostView): Range {
  return zoom === undefined ? { kind: 'last', ms: RANGES[range].ms } : { kind: 'between', ...zoom };
}
