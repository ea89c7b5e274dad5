/** A line writer as a destination, shared by all who write to the same place. */

import { levelRank } from '@flywatch/core';
import { atTheEnd } from '../last-words.ts';
import type { LogRecord } from '../log-record.ts';
import type { Destination } from './destination.ts';
import { lease } from './lease.ts';
import { LineWriter, type WriteTarget } from './line-writer.ts';
import type { Problems } from './problems.ts';

export interface LineDestinationOptions {
  /** What is written to; see {@link lease}. */
  readonly place: string;
  readonly open: () => WriteTarget;
  readonly render: (record: LogRecord) => string;
  /** Whether each line is written before `write` returns, and not those at `error` and above alone. */
  readonly isUrgent: boolean;
  /** What it is opened with, in words, where that may differ: who comes second and asks for something else is told. */
  readonly settings?: string;
}

interface OpenLines {
  readonly writer: LineWriter;
  readonly settings: string;
  readonly forget: () => void;
}

const URGENT_RANK = levelRank('error');

export function lineDestination(options: LineDestinationOptions, problems: Problems): Destination {
  const { place, render, isUrgent, settings = '' } = options;
  const { resource, release } = lease<OpenLines>(place, () => {
    const writer = new LineWriter(options.open(), problems);
    const forget = atTheEnd({ writeNow: () => writer.writeOut(), end: () => writer.writeAtExit() });
    return { writer, settings, forget };
  });
  const { writer } = resource;
  if (resource.settings !== settings) {
    problems.tell('settings', `${place} is open with ${resource.settings}; ${settings} is ignored`);
  }
  let isOpen = true;
  return {
    write: (record) => {
      if (isOpen) writer.write(render(record), isUrgent || levelRank(record.level) >= URGENT_RANK);
    },
    flush: async () => writer.writeOut(),
    close: async () => {
      isOpen = false;
      writer.writeOut();
      if (!release()) return;
      resource.forget();
      writer.writeAtExit();
      writer.close();
    },
  };
}
