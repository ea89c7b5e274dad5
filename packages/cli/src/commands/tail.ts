/** `flywatch tail FILE…`: log files and standard input in the same view and with the same filters, without any hub. */

import { parseMoment } from '@flywatch/core';
import type { Command } from 'commander';
import { ByteSink, EventSink, type FileSink } from '../files/file-output.ts';
import { LineReader } from '../files/line-reader.ts';
import { expandPath } from '../files/paths.ts';
import { readInput } from '../files/read-input.ts';
import { tailFiles, unread } from '../files/tail-files.ts';
import { countUpTo } from '../options/count.ts';
import { addFilterOptions, checkMoment, type FilterFlags, filtersOf } from '../options/filter-options.ts';
import { addViewOptions, createWriter, type ViewFlags } from '../options/view-options.ts';
import { run } from '../program/run.ts';

interface TailFlags extends FilterFlags, ViewFlags {
  readonly since?: string;
  readonly lines?: number;
  readonly follow?: boolean;
}

/** Lines of a file with which following begins, as in every other `tail`. */
const USUAL_LINES = 10;

/** Lines that are kept to find the last ones that match. */
const MAX_LINES = 100_000;

export function define(command: Command): void {
  command.argument('[file...]', 'log files or quoted patterns, packed with gzip or not; none or - is standard input');
  addFilterOptions(command);
  command
    .option('--since <time>', "lines from a time on, by the lines' own time: 2026-11-20T10:15:00Z, 15m")
    .option(
      '-n, --lines <count>',
      `the last lines that match (default: all; with -f ${USUAL_LINES})`,
      countUpTo(MAX_LINES),
    )
    .option('-f, --follow', 'go on as the files grow, over rotation; with a pattern, new files too');
  addViewOptions(command)
    .addHelpText(
      'after',
      `
To a terminal, lines are shown as "logs" shows them. To a pipe they go as they are in the file, unless --format or --json asks for more.

Examples:
  $ flywatch tail app.log                         read a file, JSON and stack traces made readable
  $ flywatch tail -f -l warn '/var/log/app/*.log' what goes wrong from now on, new files too
  $ node server.js | flywatch tail                what a program prints
  $ flywatch tail --since 1h -q 'status:>=500' access.log | wc -l
  $ flywatch tail app.log.2.gz --json | jq .fields

Status: 0 good, 1 a file could not be read, 2 wrong usage, 130 after Ctrl-C.`,
    )
    .action((files: string[], flags: TailFlags) => run(() => tail(files, flags)));
}

async function tail(files: readonly string[], flags: TailFlags): Promise<void> {
  const isInput = files.length === 0 || (files.length === 1 && files[0] === '-');
  const { follow = false, since } = flags;
  const last = flags.lines ?? (follow && !isInput && since === undefined ? USUAL_LINES : undefined);
  // In a file the last lines are found from its end; with a filter, or packed, every line has to be read.
  const isJudged = isInput || hasFilter(flags) || files.flatMap(expandPath).some((path) => path.endsWith('.gz'));
  const createSink = await sinkFactory(flags, isJudged ? last : undefined);
  const afterPast = (sink: FileSink) => {
    if (sink instanceof EventSink) sink.release();
  };
  if (isInput) return readInput(createSink(undefined), afterPast);
  const failed = await tailFiles({
    words: files,
    follow,
    lastLines: isJudged ? undefined : last,
    createSink,
    afterPast,
  });
  if (failed > 0) throw unread(failed);
}

/** Whether lines have to be read to know which of them are wanted. */
function hasFilter({ since, level, source, app, instance, region, host, provider, query, grep }: TailFlags): boolean {
  return [since, level, source, app, instance, region, host, provider, query, grep].some((flag) => flag !== undefined);
}

/** @param last - of each file as many are shown, found by reading it; undefined: all that are read */
async function sinkFactory(
  flags: TailFlags,
  last: number | undefined,
): Promise<(name: string | undefined) => FileSink> {
  const { selection } = filtersOf(flags);
  const since = checkMoment('--since', flags.since);
  const isShown = process.stdout.isTTY === true || flags.json === true || flags.format !== undefined;
  const write = isShown ? createWriter(flags) : undefined;
  if (!isShown && last === undefined && !hasFilter(flags)) return () => new ByteSink();
  const { linearRegexes } = await import('@flywatch/hub/linear-regex');
  const now = Date.now;
  const sinceMs = since === undefined ? undefined : parseMoment('--since', since, now()).ms;
  return (name) => {
    const reader = new LineReader({ selection, regex: linearRegexes(), sinceMs, now });
    return new EventSink({ reader, write, name, last });
  };
}
