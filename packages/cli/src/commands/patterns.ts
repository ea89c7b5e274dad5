/** `flywatch patterns`: what lines are made of, and what is new in them; of a hub, or of files without one. */

import { createHubClient, type PatternReport } from '@flywatch/client';
import { parseDuration, parseMoment } from '@flywatch/core';
import { type Command, Option } from 'commander';
import { unread } from '../files/tail-files.ts';
import { explain } from '../hub/explain.ts';
import { countUpTo } from '../options/count.ts';
import { addFilterOptions, checkMoment, type FilterFlags, filtersOf } from '../options/filter-options.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addColourOption, paintOf, terminalColumns } from '../options/view-options.ts';
import { FilePatterns } from '../patterns/file-patterns.ts';
import type { LineReport } from '../patterns/line-patterns.ts';
import { PATTERN_ORDERS } from '../patterns/pattern-orders.ts';
import { renderPatterns } from '../patterns/pattern-table.ts';
import type { ShownPattern } from '../patterns/shown-pattern.ts';
import { CliError, usage } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { safeJson } from '../view/terminal-text.ts';

interface PatternsFlags extends HubFlags, FilterFlags {
  readonly since?: string;
  readonly until?: string;
  readonly baseline?: string;
  readonly sort?: (typeof PATTERN_ORDERS)[number];
  readonly limit: number;
  readonly examples?: boolean;
  readonly json?: boolean;
  readonly color: boolean;
}

const USUAL_LIMIT = 30;

/** As many as a hub gives. */
const MAX_LIMIT = 1000;

export function define(command: Command): void {
  command.argument(
    '[file...]',
    'log files or quoted patterns, packed with gzip or not; - is standard input; none asks the hub',
  );
  addHubOptions(command);
  addFilterOptions(command);
  command
    .option('--since <time>', 'from a time on: 2026-11-20T10:15:00Z, 15m (default: all that there is)')
    .option('--until <time>', 'before a time')
    .option(
      '--baseline <duration>',
      'compare with the time of this length before --since, such as 1d: what is new, grown, gone',
    )
    .option('-n, --limit <count>', 'patterns at most', countUpTo(MAX_LIMIT, 1), USUAL_LIMIT)
    .addOption(
      new Option('--sort <order>', 'by count, or by change: what is new first (the default with a baseline)').choices(
        PATTERN_ORDERS,
      ),
    )
    .option('-e, --examples', 'the newest line below each pattern')
    .option('--json', 'one JSON object a line');
  addColourOption(command)
    .addHelpText(
      'after',
      `
Lines of one statement are one pattern, with <*> where values stood. A share is that of all lines that were looked at.

Examples:
  $ flywatch patterns --since 1h                  what the last hour's lines are made of
  $ flywatch patterns --since 15m --baseline 1d   what is new since a deploy, beside the day before it
  $ flywatch patterns -l error -e                 kinds of errors, with a line of each
  $ flywatch patterns '/var/log/app/*.log*'       files, without any hub
  $ kubectl logs deploy/api | flywatch patterns - what a program has printed; Ctrl-C shows what there is so far

Status: 0 something was found, 1 nothing was found, the hub does not answer or a file could not be read, 2 wrong usage, 130 after Ctrl-C.`,
    )
    .action((files: string[], flags: PatternsFlags) =>
      files.length === 0 ? run(() => ofHub(flags)) : ofFiles(files, flags),
    );
}

async function ofHub(flags: PatternsFlags): Promise<void> {
  const { baseline, sort, limit } = flags;
  const from = checkMoment('--since', flags.since);
  const to = checkMoment('--until', flags.until);
  checkComparison(flags);
  const { filters } = filtersOf(flags);
  const target = targetOf(flags);
  let report: PatternReport;
  try {
    report = await createHubClient(target).patterns({ ...filters, from, to, baseline, sort, limit });
  } catch (error) {
    throw explain(error, target);
  }
  if (!report.complete) sayHowFar('', report.looked_back_to);
  if (report.baseline?.complete === false) sayHowFar(' of the baseline', report.baseline.looked_back_to);
  await show(report, flags);
}

/** A comparison that cannot be is a mistake of usage, said in the words of this command and before anything is asked. */
function checkComparison({ since, baseline, sort }: PatternsFlags): void {
  if (baseline !== undefined && parseDuration(baseline) === undefined)
    throw usage(`--baseline: ${JSON.stringify(baseline)} cannot be used; expected a duration such as 1h or 7d`);
  if (baseline !== undefined && since === undefined)
    throw usage('--baseline: give --since too: the baseline ends where it begins');
  if (sort === 'change' && baseline === undefined)
    throw usage('--sort: nothing is known to have changed without --baseline, such as --since 1h --baseline 1d');
}

async function ofFiles(files: readonly string[], flags: PatternsFlags): Promise<never> {
  let patterns: FilePatterns | undefined;
  let shown: Promise<void> | undefined;
  /** Once: what is piped in ends with Ctrl-C too. */
  const showOnce = () => {
    shown ??= patterns === undefined ? Promise.resolve() : showLines(patterns.report(flags.limit), flags);
    return shown;
  };
  return run(async () => {
    patterns = await openFiles(flags);
    const failed = await patterns.read(files);
    await showOnce();
    if (failed > 0) throw unread(failed);
  }, showOnce);
}

async function openFiles(flags: PatternsFlags): Promise<FilePatterns> {
  for (const name of ['url', 'token', 'baseline', 'sort'] as const) {
    if (flags[name] !== undefined) throw usage(`--${name}: is for a hub; leave it out where files are read`);
  }
  const { selection } = filtersOf(flags);
  const now = Date.now;
  const [sinceMs, untilMs] = (['since', 'until'] as const).map((name) => {
    const text = checkMoment(`--${name}`, flags[name]);
    return text === undefined ? undefined : parseMoment(`--${name}`, text, now()).ms;
  });
  const { linearRegexes } = await import('@flywatch/hub/linear-regex');
  return new FilePatterns({ selection, regex: linearRegexes(), sinceMs, untilMs, now });
}

async function showLines(report: LineReport, flags: PatternsFlags): Promise<void> {
  if (report.leftOver > 0) note(`${report.leftOver} lines are in no pattern: there are too many different ones`);
  await show(report, flags);
}

function sayHowFar(what: string, backTo: string | null): void {
  note(`only the newest lines${what} were looked at, back to ${backTo}: narrow the time, or filter`);
}

interface ShownReport {
  readonly patterns: readonly ShownPattern[];
  readonly found: number;
  readonly events: number;
}

async function show({ patterns, found, events }: ShownReport, flags: PatternsFlags): Promise<void> {
  if (patterns.length === 0) throw new CliError('nothing was found');
  if (flags.json === true) {
    await write(patterns.map((pattern) => `${safeJson(pattern)}\n`).join(''));
    return;
  }
  const examples = flags.examples === true;
  const setting = {
    events,
    examples,
    columns: process.stdout.isTTY === true ? terminalColumns() : undefined,
    paint: paintOf(flags),
    nowMs: Date.now(),
  };
  await write(renderPatterns(patterns, setting));
  // For a person: a job's log should have what is wrong, and nothing else.
  if (process.stderr.isTTY === true)
    note(`${found} patterns in ${events} lines${found > patterns.length ? '; -n shows more' : ''}`);
}
