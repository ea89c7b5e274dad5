/** `flywatch search QUERY`: what a hub has kept, newest last. */

import { createHubClient } from '@flywatch/client';
import type { Command } from 'commander';
import { explain } from '../hub/explain.ts';
import { countUpTo, MAX_TAIL } from '../options/count.ts';
import { addFilterOptions, checkMoment, type FilterFlags, filtersOf } from '../options/filter-options.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addViewOptions, createWriter, type ViewFlags } from '../options/view-options.ts';
import { CliError } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { newestEvents } from '../stream/hub-lines.ts';

interface SearchFlags extends HubFlags, FilterFlags, ViewFlags {
  readonly since?: string;
  readonly until?: string;
  readonly lines: number;
  readonly count?: boolean;
}

const USUAL_LINES = 100;

export function define(command: Command): void {
  command.argument('[query...]', 'words and filters; several are joined by blanks');
  addHubOptions(command);
  addFilterOptions(command);
  command
    .option('--since <time>', 'from a time on: 2026-11-20T10:15:00Z, 15m (default: all that is kept)')
    .option('--until <time>', 'before a time')
    .option('-n, --lines <count>', 'the newest lines that match', countUpTo(MAX_TAIL), USUAL_LINES)
    .option('-c, --count', 'how many lines match, and no lines');
  addViewOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ flywatch search timeout                       the last 100 lines with the word
  $ flywatch search 'status:>=500' --since 1d --count
  $ flywatch search '"card declined"' -a billing -n 1000 --json > declined.ndjson

Status: 0 something was found, 1 nothing was found or the hub does not answer, 2 wrong usage.`,
    )
    .action((words: string[], flags: SearchFlags) => run(() => search(words, flags)));
}

async function search(words: readonly string[], flags: SearchFlags): Promise<void> {
  const query = [flags.query, ...words].filter((part) => part !== undefined && part.trim() !== '').join(' ');
  const { filters } = filtersOf(query === '' ? flags : { ...flags, query });
  const from = checkMoment('--since', flags.since);
  const to = checkMoment('--until', flags.until);
  const target = targetOf(flags);
  const show = createWriter(flags);
  const client = createHubClient(target);
  try {
    if (flags.count === true) {
      const { total } = (await client.get('logs/facets', { ...lists(filters), from, to, field: 'level' })) as {
        total: number;
      };
      await write(`${total}\n`);
      if (total === 0) process.exitCode = 1;
      return;
    }
    const onRetry = (error: Error) => note(`${error.message}; trying again`);
    const events = await newestEvents(client, { ...filters, from, to, onRetry }, flags.lines);
    await write(events.map(show).join(''));
    if (events.length === 0 && flags.lines > 0) throw new CliError('nothing was found');
  } catch (error) {
    throw error instanceof CliError ? error : explain(error, target);
  }
}

/** Filters as parameters: lists with commas. */
function lists(filters: ReturnType<typeof filtersOf>['filters']): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value as string | undefined),
    ]),
  );
}
