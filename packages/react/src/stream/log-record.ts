/** A line as apps have it at hand, and how it becomes an item of a list. */

import type { Fields, FlatEvent, Level } from '@flywatch/core';
import { parseLevelValue } from '@flywatch/core';
import { ChunkedList } from '../list/chunked-list.ts';
import { lineItem } from './group-lines.ts';
import type { StreamItem } from './items.ts';

/** A structured line: `{ timestamp, level, source, message, meta }`. */
export interface LogRecord {
  /** RFC 3339. */
  readonly timestamp: string;
  /** Any usual spelling; what is no level counts as info. */
  readonly level: Level | (string & {});
  readonly source?: string;
  readonly message: string;
  readonly meta?: Readonly<Fields>;
}

/** What a viewer takes: the lines of a stream, or a plain array. */
export type Logs = ChunkedList<StreamItem> | readonly (LogRecord | FlatEvent)[];

/** An item is made once per record, so that a list that grows keeps its rows. */
const ITEMS = new WeakMap<LogRecord | FlatEvent, StreamItem>();
let made = 0;

export function toItems(logs: Logs): ChunkedList<StreamItem> {
  return logs instanceof ChunkedList ? logs : ChunkedList.from(logs.map(itemOf));
}

export function itemOf(record: LogRecord | FlatEvent): StreamItem {
  let item = ITEMS.get(record);
  if (item === undefined) {
    item = lineItem('id' in record ? record : toEvent(record));
    ITEMS.set(record, item);
  }
  return item;
}

function toEvent({ timestamp, level, source, message, meta }: LogRecord): FlatEvent {
  return {
    id: `record-${++made}`,
    time: timestamp,
    receivedAt: timestamp,
    level: parseLevelValue(level) ?? 'info',
    message,
    ...(source === undefined ? undefined : { source }),
    ...(meta === undefined ? undefined : { fields: meta }),
  };
}
