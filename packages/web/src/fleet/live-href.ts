/** Addresses of Live with the lines of one host, app or machine. */

import { termText } from '../live/filter/term-text.ts';
import { formatView, type Range } from '../live/view.ts';

/** `app:shop`; a name that the filter language cannot say as a term is searched for as a phrase. */
export function filterFor(field: 'host' | 'app' | 'instance', name: string): string {
  return termText(field, name) ?? `"${name.replace(/["\\]/g, '\\$&')}"`;
}

export function liveHref(filters: readonly string[], range: Range, line?: string): string {
  return `/ui/?${formatView({ q: filters.join(' '), range, line, tab: 'fields', show: 'lines', ask: false })}`;
}

/** The lines of a Fly app, or of one of its machines, in the range of the list. */
export function appHref(app: string, hours: number, machine?: string): string {
  const filters = [filterFor('app', app), ...(machine === undefined ? [] : [filterFor('instance', machine)])];
  return liveHref(filters, { kind: 'last', ms: hours * 3_600_000 });
}
