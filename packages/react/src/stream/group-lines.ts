/**
 * Lines that belong together: programs print a stack trace at once, and most collectors send each of its lines as an
 * event. A line that only continues (indented, or `Caused by:`) joins the one before it of the same instance.
 */

import type { FlatEvent } from '@flywatch/core';
import type { ChunkedList } from '../list/chunked-list.ts';
import type { LineItem, StreamItem } from './items.ts';

/** What one program prints at once arrives within this time; later, an indented line is a line of its own. */
const TOGETHER_MS = 1_000;

/** Lines of one group. A longer dump goes on in another one. */
const MAX_JOINED = 500;

/** Lines of other instances that may stand between: so far back a head is looked for. */
const LOOK_BACK = 64;

const CONTINUES = /^(?:[ \t]+\S|Caused by: |\.\.\. \d+ more)/;

export function lineItem(event: FlatEvent): LineItem {
  return { type: 'line', key: event.id, event, more: NONE };
}

const NONE: readonly FlatEvent[] = Object.freeze([]);

/** Adds items to the end of a list. Continuing lines join their head, in the list or among the new ones. */
export function appendGrouped(list: ChunkedList<StreamItem>, added: readonly StreamItem[]): ChunkedList<StreamItem> {
  const fresh: StreamItem[] = [];
  let result = list;
  for (const item of added) {
    if (item.type !== 'line' || !CONTINUES.test(item.event.message)) {
      fresh.push(item);
      continue;
    }
    const inFresh = findHead(item.event, fresh.length, (i) => fresh[i]);
    if (inFresh >= 0) {
      fresh[inFresh] = join(fresh[inFresh] as LineItem, item);
      continue;
    }
    const { first, length } = result;
    const inList = findHead(item.event, length, (i) => result.at(first + i), fresh.length);
    const head = inList < 0 ? undefined : result.at(first + inList);
    if (head?.type === 'line') result = result.replace(first + inList, join(head, item));
    else fresh.push(item);
  }
  return result.append(fresh);
}

/** The same for a page of history, which is a list of its own. */
export function groupLines(events: readonly FlatEvent[]): LineItem[] {
  const items: LineItem[] = [];
  for (const event of events) {
    const head = CONTINUES.test(event.message) ? findHead(event, items.length, (i) => items[i]) : -1;
    if (head >= 0) items[head] = join(items[head]!, lineItem(event));
    else items.push(lineItem(event));
  }
  return items;
}

/** Index of the newest item of the same instance, if this line may join it; else -1. A band ends all groups. */
function findHead(event: FlatEvent, count: number, at: (index: number) => StreamItem | undefined, skipped = 0): number {
  for (let i = count - 1; i >= 0 && count - i + skipped <= LOOK_BACK; i--) {
    const item = at(i);
    if (item?.type !== 'line') return -1;
    if (!isSameInstance(item.event, event)) continue;
    const newest = item.more.at(-1) ?? item.event;
    const apartMs = Date.parse(event.receivedAt) - Date.parse(newest.receivedAt);
    return apartMs <= TOGETHER_MS && item.more.length < MAX_JOINED ? i : -1;
  }
  return -1;
}

function isSameInstance(a: FlatEvent, b: FlatEvent): boolean {
  return a.app === b.app && a.instance === b.instance && a.host === b.host && a.provider === b.provider;
}

function join(head: LineItem, item: LineItem): LineItem {
  return { ...head, more: [...head.more, item.event, ...item.more] };
}
