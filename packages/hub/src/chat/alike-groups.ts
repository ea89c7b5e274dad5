/** Lines that are alike but for what varies in them, as one: "x3 in last 5min". Built for ten thousand lines in some milliseconds. */

import type { LogEvent } from '@flywatch/core';

export interface Group {
  newest: LogEvent;
  count: number;
  /** Of the last minutes. */
  recent: number;
  firstMs: number;
}

/** Groups that are counted: a storm of lines without form must not take the memory. Those of newer lines come first. */
const MAX_GROUPS = 2000;

/** Characters of a message that tell its group. */
const FORM_CHARS = 160;

export class AlikeGroups {
  readonly #recentFromMs: number;
  readonly #groups = new Map<number, Group>();

  constructor(recentFromMs: number) {
    this.#recentFromMs = recentFromMs;
  }

  /** Newest first. */
  add(event: LogEvent): void {
    const key = formOf(event);
    const recent = event.receivedAtMs >= this.#recentFromMs ? 1 : 0;
    const group = this.#groups.get(key);
    if (group === undefined) {
      if (this.#groups.size < MAX_GROUPS)
        this.#groups.set(key, { newest: event, count: 1, recent, firstMs: event.timeMs });
      return;
    }
    group.count++;
    group.recent += recent;
    if (event.timeMs < group.firstMs) group.firstMs = event.timeMs;
  }

  /** Fatal ones, then in turns: seen last, seen most in the last minutes, begun last, seen least. Each tells of trouble that the others hide. */
  mostTelling(): Group[] {
    const groups = [...this.#groups.values()];
    const orders = [
      groups.toSorted((a, b) => b.newest.position - a.newest.position),
      groups.toSorted((a, b) => b.recent - a.recent || b.count - a.count),
      groups.toSorted((a, b) => b.firstMs - a.firstMs),
      groups.toSorted((a, b) => a.count - b.count || b.newest.position - a.newest.position),
    ];
    const chosen = new Set(groups.filter(({ newest }) => newest.level === 'fatal'));
    for (const i of groups.keys()) for (const order of orders) chosen.add(order[i]!);
    return [...chosen];
  }
}

/** A number for the app, the level and the words; a word with a digit in it is a value, an id or a time or an address, and counts as any other. */
function formOf({ app, level, plainText }: LogEvent): number {
  let hash = hashOf(`${app ?? ''}\n${level}`);
  let other = 5381;
  let word = 0;
  let isValue = false;
  const length = Math.min(plainText.length, FORM_CHARS);
  for (let i = 0; i <= length; i++) {
    const code = i === length ? 32 : plainText.charCodeAt(i);
    const isDigit = code >= 48 && code <= 57;
    if (isDigit || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code > 127) {
      word = (Math.imul(word, 31) + code) | 0;
      if (isDigit) isValue = true;
      continue;
    }
    const piece = isValue ? 35 : word;
    hash = Math.imul(hash ^ piece, 16_777_619) ^ code;
    other = (Math.imul(other, 33) + piece + code) | 0;
    word = 0;
    isValue = false;
  }
  return (hash >>> 0) * 2 ** 21 + (other & (2 ** 21 - 1));
}

function hashOf(text: string): number {
  let hash = -2_128_831_035;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
  return hash;
}
