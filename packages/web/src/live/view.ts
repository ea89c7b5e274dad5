/**
 * What the Live page shows. The address is its only home: every change is an entry of the browser's history or a
 * replacement of one, so that every state is a link and Back leads through the states that there were.
 */

import { parseDuration, parseTime } from '@flywatch/core';
import { useCallback, useMemo } from 'react';
import { useSearch } from '../app/location.ts';

/** `last` follows now; `between` stands still. A `between` never ends before it begins. */
export type Range =
  | { readonly kind: 'last'; readonly ms: number }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number };

export const TABS = ['fields', 'context', 'raw'] as const;

export type Tab = (typeof TABS)[number];

/** What stands below the chart: the lines themselves, or the patterns that they are made of. */
export const SHOWN = ['lines', 'patterns'] as const;

export type Shown = (typeof SHOWN)[number];

export interface View {
  /** Text of the search box: the only filter there is. It may be one that the filter language refuses. */
  readonly q: string;
  readonly range: Range;
  /** Id of the open line, also the target of a permalink. */
  readonly line: string | undefined;
  readonly tab: Tab;
  readonly show: Shown;
  /** Whether the assistant stands beside them. */
  readonly ask: boolean;
}

export const DEFAULT_RANGE: Range = { kind: 'last', ms: 15 * 60_000 };

/** Shortest range that still has buckets of a millisecond in its histogram. */
const MIN_RANGE_MS = 1;

/** Longest `last` range: ten years. Beyond it a typed duration is a mistake and dates get five digits. */
const MAX_RANGE_MS = 3653 * 86_400_000;

/** Ids of the hub have 20 characters; a longer text in the address is no id. */
const MAX_LINE_ID_LENGTH = 64;

/** The view that an address asks for. What is missing or cannot be understood is left at its default. */
export function parseView(url: URLSearchParams): View {
  const line = url.get('line') ?? '';
  return {
    q: url.get('q') ?? '',
    range: parseBetween(url.get('from'), url.get('to')) ?? parseLast(url.get('range')) ?? DEFAULT_RANGE,
    line: line === '' || line.length > MAX_LINE_ID_LENGTH ? undefined : line,
    tab: TABS.find((tab) => tab === url.get('tab')) ?? 'fields',
    show: SHOWN.find((show) => show === url.get('show')) ?? 'lines',
    ask: url.get('ask') === 'open',
  };
}

/** The parameters that {@link parseView} reads as this view; defaults are left out. */
export function formatView(view: View): URLSearchParams {
  const url = new URLSearchParams();
  if (view.q !== '') url.set('q', view.q);
  if (view.range.kind === 'between') {
    url.set('from', new Date(view.range.fromMs).toISOString());
    url.set('to', new Date(view.range.toMs).toISOString());
  } else if (view.range.ms !== (DEFAULT_RANGE as { ms: number }).ms) url.set('range', formatDuration(view.range.ms));
  if (view.line !== undefined) url.set('line', view.line);
  if (view.tab !== 'fields') url.set('tab', view.tab);
  if (view.show !== 'lines') url.set('show', view.show);
  if (view.ask) url.set('ask', 'open');
  return url;
}

export type ChangeView = (patch: Partial<View>, how?: 'push' | 'replace') => void;

/** The view in the address, and how to change it; a change that changes nothing makes no entry in the history. */
export function useView(): readonly [View, ChangeView] {
  const search = useSearch();
  const view = useMemo(() => parseView(new URLSearchParams(search)), [search]);
  const change = useCallback<ChangeView>((patch, how = 'push') => {
    // From the address and not from the last rendering: two changes in one turn both count.
    const text = formatView({ ...parseView(new URLSearchParams(location.search)), ...patch }).toString();
    const next = text === '' ? location.pathname : `${location.pathname}?${text}`;
    if (next === location.pathname + location.search) return;
    if (how === 'push') history.pushState(null, '', next);
    else history.replaceState(null, '', next);
    // The browser says nothing of changes that a page makes itself; whoever shows the address listens to this event.
    dispatchEvent(new PopStateEvent('popstate'));
  }, []);
  return [view, change];
}

function parseBetween(from: string | null, to: string | null): Range | undefined {
  const fromMs = parseTime(from)?.ms;
  const toMs = parseTime(to)?.ms;
  if (fromMs === undefined || toMs === undefined || toMs - fromMs < MIN_RANGE_MS) return undefined;
  return { kind: 'between', fromMs, toMs };
}

function parseLast(text: string | null): Range | undefined {
  const ms = parseDuration(text ?? '');
  return ms === undefined || ms < MIN_RANGE_MS || ms > MAX_RANGE_MS ? undefined : { kind: 'last', ms };
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const;

/** A duration as `parseDuration` reads it, in the largest units that fit: `90m` is `1h30m`. */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms);
  let text = '';
  for (const [unit, size] of UNITS) {
    const amount = Math.floor(rest / size);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * size;
  }
  return text;
}

/** The moments that a range means at `nowMs`. */
export function rangeMoments(range: Range, nowMs: number): { readonly fromMs: number; readonly toMs: number } {
  return range.kind === 'between' ? range : { fromMs: nowMs - range.ms, toMs: nowMs };
}
