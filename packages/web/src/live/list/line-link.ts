/** Lines as texts for the clipboard. */

import type { FlatEvent } from '@flywatch/core';
import { announce } from '../../app/announce.ts';
import { formatView, type Range, rangeMoments, type View } from '../view.ts';

/** A link shows so much time around its line. */
const LINK_RANGE_MS = 15 * 60_000;

/** A link that opens at this line, today and in a year: around it and not `the last 15 min`, which it will leave. */
export function lineLink(view: View, { id, time }: FlatEvent): string {
  const linked: View = { ...view, range: rangeAround(time), line: id, tab: 'fields', show: 'lines', ask: false };
  return `${location.origin}/ui/?${formatView(linked)}`;
}

/** The range, where the line is in it; else the time around the line. */
export function rangeWith(range: Range, time: string): Range {
  const { fromMs, toMs } = rangeMoments(range, Date.now());
  const atMs = Date.parse(time);
  return atMs >= fromMs && atMs < toMs ? range : rangeAround(time);
}

function rangeAround(time: string): Range {
  const atMs = Date.parse(time);
  return { kind: 'between', fromMs: atMs - LINK_RANGE_MS / 2, toMs: atMs + LINK_RANGE_MS / 2 };
}

/** `2026-10-21T02:40:52.113Z error acme-api/e286510f message`. */
export function lineText({ time, level, app, source, provider, instance, host, message }: FlatEvent): string {
  const origin = instance ?? host;
  return `${time} ${level} ${app ?? source ?? provider ?? '–'}${origin === undefined ? '' : `/${origin}`} ${message}`;
}

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`${what} copied`);
  } catch {
    // Over plain HTTP from elsewhere a browser gives pages no clipboard.
    announce('This browser does not let the page copy');
  }
}
