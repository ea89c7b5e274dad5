/** A hub as a destination of a logger: each record as logcore's line, which is a form that hubs know. */

import { LOGCORE_LEVELS } from '@flywatch/core';
import type { Destination } from '../destinations/destination.ts';
import type { Problems } from '../destinations/problems.ts';
import { type HubOptions, HubSender, type HubSenderStatus } from './hub-sender.ts';

export interface HubDestination extends Destination {
  readonly status: HubSenderStatus;
}

export function hubDestination(options: HubOptions, problems: Problems): HubDestination {
  const sender = new HubSender(options, droppedLine, problems);
  return {
    get status() {
      return sender.status;
    },
    write: (record) => sender.write(record.line),
    flush: () => sender.flush(),
    close: () => sender.close(),
  };
}

/** What stands in the log where lines are missing. */
export function droppedLine(lines: number): string {
  return `${JSON.stringify({
    timestamp: new Date().toISOString(),
    level: LOGCORE_LEVELS.warn,
    logger: 'flywatch.logger',
    message: `${lines} lines were dropped here: the hub was away for longer than they could wait`,
    context: { lines_dropped: lines },
  })}\n`;
}
