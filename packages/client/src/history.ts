/** History, a page after the other: a cursor in place of a number, so that nothing is lost or repeated while events arrive. */

import { Backoff, type FlatEvent, toFlatEvent } from '@flywatch/core';
import type { Connection, HubRequest } from './connection.ts';
import { HubError, HubUnreachableError } from './errors.ts';
import { filterParams, type LogFilters } from './filters.ts';
import { sleep, type Timers } from './timers.ts';

export interface HistoryOptions extends LogFilters {
  /** From this time on: RFC 3339, Unix time, or a duration ago such as `15m`. */
  readonly from?: string | undefined;
  /** Before this time. */
  readonly to?: string | undefined;
  /** Only what arrived after this id. */
  readonly after?: string | undefined;
  /** Only what arrived up to this id, itself included. */
  readonly until?: string | undefined;
  /** By time, then by arrival. @defaultValue 'desc' */
  readonly order?: 'asc' | 'desc' | undefined;
  /** Events of a page, 1 to 1000. @defaultValue 1000 */
  readonly pageSize?: number | undefined;
  /** Ends the reading; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told each time before a page is asked for again. */
  readonly onRetry?: ((error: Error, delayMs: number) => void) | undefined;
}

export interface HistoryPage {
  readonly events: readonly FlatEvent[];
  /** Where time was up before the page was full: the time up to which everything was looked at. */
  readonly scannedTo: string | undefined;
}

/** A page ends after 8 Mi characters of lines; as JSON, with the structure of each line beside it, these are some times as many. */
const MAX_PAGE_CHARS = 64 * 1024 * 1024;

/** Tries for one page after the first page: with full backoff a minute or so, in which a hub restarts. */
const MAX_TRIES = 10;

const PATH = 'logs/history';

/**
 * Asks for the next page when the one before was taken. The first page is tried once: whoever waits wants to know that the
 * address is wrong. A later one is tried again, since a reader of an hour must not fail with a hub that restarts.
 */
export async function* readHistory(
  connection: Connection,
  options: HistoryOptions,
  { timers, timeoutMs }: { readonly timers: Timers; readonly timeoutMs: number },
): AsyncGenerator<HistoryPage, void, undefined> {
  const signal = options.signal ?? new AbortController().signal;
  const query = filterParams(options);
  const { from, to, after, until, order, pageSize = 1000 } = options;
  for (const [name, value] of Object.entries({ from, to, after, until, order, limit: String(pageSize) })) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  const request: HubRequest = { path: PATH, query, headers: { Accept: 'application/json' } };
  const ask = () => connection.call(request, { timers, timeoutMs, signal, maxChars: MAX_PAGE_CHARS });
  for (let isFirst = true; ; isFirst = false) {
    const { status, text } = await (isFirst ? ask() : again(ask, { timers, signal, onRetry: options.onRetry }));
    const page = parsePage(text);
    if (page === undefined) throw connection.unexpected({ status }, request, 'something that is no page of history');
    yield { events: page.events, scannedTo: page.scannedTo };
    if (page.cursor === undefined) return;
    query.set('cursor', page.cursor);
  }
}

async function again<T>(
  ask: () => Promise<T>,
  { timers, signal, onRetry }: { timers: Timers; signal: AbortSignal; onRetry: HistoryOptions['onRetry'] },
): Promise<T> {
  const backoff = new Backoff();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = error instanceof HubUnreachableError || (error instanceof HubError && error.status >= 429);
      if (!isPassing || backoff.failures + 1 >= MAX_TRIES) throw error;
      const delayMs = backoff.nextDelayMs(error instanceof HubError ? error.retryAfterMs : 0);
      onRetry?.(error, delayMs);
      await sleep(timers, delayMs, signal);
      signal.throwIfAborted();
    }
  }
}

function parsePage(
  text: string,
): { events: FlatEvent[]; cursor: string | undefined; scannedTo: string | undefined } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not a hub's answer; the caller says so.
    return undefined;
  }
  const { logs, next_cursor: cursor, scanned_to: scannedTo } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(logs)) return undefined;
  const events = logs.map(toFlatEvent).filter((event) => event !== undefined);
  if (events.length < logs.length) return undefined;
  return {
    events,
    cursor: typeof cursor === 'string' ? cursor : undefined,
    scannedTo: typeof scannedTo === 'string' ? scannedTo : undefined,
  };
}
