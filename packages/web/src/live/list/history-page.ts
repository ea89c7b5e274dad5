/** A page of history, as the hub gives it, and the wait for one that has something in it. */

import { HubError } from '@flywatch/client';
import type { FlatEvent } from '@flywatch/core';
import { ask } from '../../app/hub.ts';

export interface PageQuestion {
  readonly order: 'asc' | 'desc';
  readonly q: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Ids: what arrived after the one, up to and including the other. */
  readonly after?: string | undefined;
  readonly until?: string | undefined;
  readonly cursor?: string | undefined;
}

export interface Page {
  /** In the order that was asked for. */
  readonly logs: readonly FlatEvent[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined;
}

interface Answer {
  readonly logs: readonly FlatEvent[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

/** A screen has some forty lines: this is read and drawn at once, and the next page is asked for in time. */
export const PAGE_LINES = 500;

/** The first page fills a screen or two and is there the sooner; the next one is asked for at once. */
export const FIRST_PAGE_LINES = 120;

/** Where lines are so long that a page of them is too much for one answer, shorter pages are asked for, down to this. */
const LEAST_PAGE_LINES = 8;

/** The next lines, or the end. The hub may take several questions to find something rare; each of them is bounded. */
export async function askPage(question: PageQuestion, signal: AbortSignal, limit = PAGE_LINES): Promise<Page> {
  let { cursor } = question;
  let lines = limit;
  for (;;) {
    const parameters = { ...question, cursor, q: question.q === '' ? undefined : question.q, limit: lines };
    try {
      const { logs, next_cursor, has_more } = await ask<Answer>('/logs/history', parameters, { signal });
      const next = has_more ? (next_cursor ?? undefined) : undefined;
      if (logs.length > 0 || next === undefined) return { logs, next };
      cursor = next;
    } catch (error) {
      const isTooLong = error instanceof HubError && error.code === 'unexpected_answer' && lines > LEAST_PAGE_LINES;
      if (!isTooLong) throw error;
      lines = Math.max(LEAST_PAGE_LINES, lines >> 2);
    }
  }
}

/** The line of an id; undefined where the hub no longer has it. */
export async function askLine(id: string, signal: AbortSignal): Promise<FlatEvent | undefined> {
  try {
    const parameters = { id, scope: 'all', before: 0, after: 0 };
    return (await ask<{ line: FlatEvent }>('/logs/context', parameters, { signal })).line;
  } catch (error) {
    if (error instanceof HubError && (error.status === 404 || error.status === 400)) return undefined;
    throw error;
  }
}

/** The greatest id: ids of one hub sort in the order of arrival. */
export function greatestId(events: readonly FlatEvent[]): string | undefined {
  return events.reduce<string | undefined>((most, { id }) => (most === undefined || id > most ? id : most), undefined);
}
