/** A hub as a destination of a logger: each record as logcore's line, which is a form that hubs know. */

import type { Destination } from '../destinations/destination.ts';
import { lease } from '../destinations/lease.ts';
import type { Problems } from '../destinations/problems.ts';
import { type HubOptions, HubSender } from './hub-sender.ts';

export function hubDestination(options: HubOptions, problems: Problems): Destination {
  const { resource: sender, release } = lease(`hub ${JSON.stringify(options)}`, () => {
    return new HubSender(options, problems);
  });
  let isOpen = true;
  return {
    write: (record) => {
      if (isOpen) sender.write(record.line);
    },
    flush: () => sender.flush(),
    close: async () => {
      isOpen = false;
      await (release() ? sender.close() : sender.flush());
    },
  };
}
