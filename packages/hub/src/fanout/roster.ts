/** Who reads, for people: a snapshot of the readers, those in trouble first. Not on the live path. */

import type { Selection } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';
import type { Group } from './group.ts';
import type { Reader } from './reader.ts';

/** Where a reader comes from, as its request said. */
export interface ReaderOrigin {
  readonly address: string;
  /** `User-Agent`, cut; undefined where there was none. */
  readonly agent: string | undefined;
}

export interface RosterEntry {
  readonly origin: ReaderOrigin | undefined;
  readonly sinceMs: number;
  readonly over: 'sse' | 'websocket';
  readonly selection: Selection;
  /** `blocked`: its socket takes nothing. `catching_up`: it reads what was before the live edge. */
  readonly state: 'following' | 'catching_up' | 'blocked';
  /** Events of the ring that it has not been given or judged; null while it reads from history, and nobody has counted. */
  readonly behind: number | null;
}

const TROUBLE = { blocked: 0, catching_up: 1, following: 2 } as const;

/** The first `limit` readers: by trouble, then by how long they are here. */
export function listReaders(groups: Iterable<Group>, buffer: EventBuffer, limit: number): RosterEntry[] {
  const entries: RosterEntry[] = [];
  for (const group of groups) {
    for (const reader of group.readers) entries.push(describe(reader, group, buffer));
  }
  entries.sort((a, b) => TROUBLE[a.state] - TROUBLE[b.state] || a.sinceMs - b.sinceMs);
  return entries.slice(0, limit);
}

function describe(reader: Reader, group: Group, buffer: EventBuffer): RosterEntry {
  const { encoding, selection } = group.kind;
  const isLive = reader.state === 'live';
  const index = Math.max(buffer.first, isLive ? group.index : reader.cursor);
  return {
    origin: reader.origin,
    sinceMs: reader.sinceMs,
    over: encoding.wire === 'ws' ? 'websocket' : 'sse',
    selection,
    state: reader.state === 'blocked' ? 'blocked' : isLive ? 'following' : 'catching_up',
    behind: reader.fromHistory || reader.tailSearch !== undefined ? null : Math.max(0, buffer.end - index),
  };
}
