/** Lines of a hub: its past, its present, or both without a seam. */

import { createHubClient, type HubClient, type TailItem } from '@flywatch/client';
import type { FlatEvent } from '@flywatch/core';
import type { Target } from '../hub/target.ts';
import { FIRST_ANSWER_MS, type LogWishes } from './wishes.ts';

export interface LineOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told when something of the past has to be asked for again. */
  readonly onRetry?: ((error: Error, delayMs: number) => void) | undefined;
}

/** Fails at the first connection, or not before somebody takes the token away: later connections are tried again. */
export async function* readHub(
  { url, token }: Target,
  wishes: LogWishes,
  options: LineOptions = {},
): AsyncGenerator<readonly TailItem[], void, undefined> {
  const client = createHubClient({ url, token });
  const { filters, since, tail, follow } = wishes;
  const { signal } = options;
  if (!follow) yield* readPast(client, wishes, options);
  else if (since === undefined || tail !== undefined) {
    yield* client.tail({ ...filters, since, tail, signal, firstConnectTimeoutMs: FIRST_ANSWER_MS }).batches();
  } else {
    const head = await client.head({ signal, firstConnectTimeoutMs: FIRST_ANSWER_MS });
    for await (const { events } of client.history({ ...filters, from: since, until: head, order: 'asc', ...options })) {
      yield events.map(asItem);
    }
    // The address is good: what fails from here on is an interruption.
    yield* client.tail({ ...filters, after: head, signal, retryFirst: true }).batches();
  }
}

/** What was there when the reading began: pages that go on while events arrive would have no end on a busy hub. */
async function* readPast(
  client: HubClient,
  { filters, since, until, tail }: LogWishes,
  options: LineOptions,
): AsyncGenerator<readonly TailItem[], void, undefined> {
  const head = await client.head({ signal: options.signal, firstConnectTimeoutMs: FIRST_ANSWER_MS });
  const range = { ...filters, from: since, to: until, until: head, ...options };
  if (tail === undefined) {
    for await (const { events } of client.history({ ...range, order: 'asc' })) yield events.map(asItem);
    return;
  }
  yield (await newestEvents(client, range, tail)).map(asItem);
}

/** The newest `count` events in a range, oldest first. */
export async function newestEvents(
  client: HubClient,
  range: Parameters<HubClient['history']>[0],
  count: number,
): Promise<FlatEvent[]> {
  const newest: FlatEvent[] = [];
  if (count === 0) return newest;
  const pageSize = Math.min(count, 1000);
  for await (const { events } of client.history({ ...range, order: 'desc', pageSize })) {
    newest.push(...events.slice(0, count - newest.length));
    if (newest.length >= count) break;
  }
  return newest.reverse();
}

function asItem(event: FlatEvent): TailItem {
  return { type: 'event', event };
}
