/** Messages that are alike but for what varies in them, counted: "x3 in the last five minutes". */

import { type LogEvent, levelRank } from '@flywatch/core';
import type { RepeatedMessage } from '../questions.ts';

/** Groups that are counted: a storm of errors without form must not take the memory. */
const MAX_GROUPS = 2000;

/** Characters of a message that tell its group, and that are shown. */
const GROUP_CHARS = 300;
const SHOWN_CHARS = 1000;

interface Group {
  newest: LogEvent;
  count: number;
  firstSeenMs: number;
}

export class ErrorGroups {
  readonly #groups = new Map<string, Group>();

  add(event: LogEvent): void {
    // A token with a digit in it is a value: an id, a time, an address.
    const form = event.plainText.slice(0, GROUP_CHARS).replace(/\w*\d\w*/g, '#');
    const key = `${event.app ?? ''}\n${event.level}\n${form}`;
    const group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size < MAX_GROUPS) this.#groups.set(key, { newest: event, count: 1, firstSeenMs: event.timeMs });
      return;
    }
    group.count++;
    if (event.timeMs >= group.newest.timeMs) group.newest = event;
    if (event.timeMs < group.firstSeenMs) group.firstSeenMs = event.timeMs;
  }

  /** Newest first. */
  newest(limit: number): RepeatedMessage[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.newest.timeMs - a.newest.timeMs || levelRank(b.newest.level) - levelRank(a.newest.level))
      .slice(0, limit)
      .map(({ newest, count, firstSeenMs }) => ({
        message: newest.message.slice(0, SHOWN_CHARS).toWellFormed(),
        level: newest.level,
        count,
        app: newest.app,
        instance: newest.instance,
        firstSeenMs,
        lastSeenMs: newest.timeMs,
        id: newest.id,
      }));
  }
}
