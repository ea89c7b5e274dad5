/** `flywatch logs`, `vg logs`: follow the lines of a hub, or of an app's own gateway. */

import type { TailItem } from '@flywatch/client';
import type { Command } from 'commander';
import { countUpTo, MAX_TAIL } from '../options/count.ts';
import { addFilterOptions, checkMoment, type FilterFlags, filtersOf } from '../options/filter-options.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addViewOptions, createWriter, type ViewFlags } from '../options/view-options.ts';
import { usage } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { ConnectionNotes, describeGap } from '../stream/notes.ts';
import { readLogs } from '../stream/read-logs.ts';
import type { LogWishes } from '../stream/wishes.ts';

interface LogsFlags extends HubFlags, FilterFlags, ViewFlags {
  readonly since?: string;
  readonly until?: string;
  readonly tail?: number;
  /** True with `--follow`, false with `--no-follow`. */
  readonly follow?: boolean;
}

/** What `--no-follow` shows where nothing says how much. */
const USUAL_TAIL = 100;

export function define(command: Command): void {
  addHubOptions(command, 'address of the hub, or of an app with its gateway');
  addFilterOptions(command);
  command
    .option('--since <time>', 'begin at a time, or so long ago: 2026-11-20T10:15:00Z, 15m, 2h30m')
    .option('--until <time>', 'end before a time; does not follow')
    .option('-n, --tail <count>', 'begin with the last lines that match', countUpTo(MAX_TAIL))
    .option('-f, --follow', 'go on with what arrives (the default)')
    .option('--no-follow', `end where the past ends; without --since and -n, the last ${USUAL_TAIL} lines`);
  addViewOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ vg logs                                      follow everything from now on
  $ vg logs -l warn -s api                       what went wrong in the logger "api"
  $ vg logs -a shop-api -n 50                    the last 50 lines of an app, then what follows
  $ vg logs --since 1h --no-follow --json        the last hour as flat records
  $ vg logs -q 'status:>=500 -healthz'           the filter language
  $ vg logs --url http://localhost:3000          the gateway inside an app

Status: 0 good or nobody reads any more, 1 no connection, 2 wrong usage, 130 after Ctrl-C.`,
    )
    .action((flags: LogsFlags) => run(() => follow(flags)));
}

async function follow(flags: LogsFlags): Promise<void> {
  const target = targetOf(flags);
  const { filters, selection } = filtersOf(flags);
  const wishes = wishesOf(flags, filters);
  const show = createWriter(flags);
  // In a terminal only: a log of what a job has said should have what is wrong, and nothing else.
  const notes = new ConnectionNotes(process.stderr.isTTY === true ? `following ${target.url}` : undefined);
  const onRetry = (error: Error) => note(`history: ${error.message}; trying again`);
  for await (const items of readLogs(target, wishes, selection, { onRetry })) {
    const text = items.map(textOf).join('');
    const blocked = write(text);
    if (blocked !== undefined) await blocked;
  }

  function textOf(item: TailItem): string {
    if (item.type === 'event') return show(item.event);
    const said = item.type === 'gap' ? describeGap(item, target.url) : notes.of(item);
    if (said !== undefined) note(said);
    return '';
  }
}

function wishesOf({ since, until, tail, follow }: LogsFlags, filters: LogWishes['filters']): LogWishes {
  if (until !== undefined && follow === true) throw usage('--until ends, and --follow does not: give one of them');
  const follows = until === undefined && follow !== false;
  return {
    filters,
    since: checkMoment('--since', since),
    until: checkMoment('--until', until),
    tail: tail ?? (follows || since !== undefined ? undefined : USUAL_TAIL),
    follow: follows,
  };
}
