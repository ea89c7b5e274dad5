/** The options that say which lines, the same for a hub, an app's gateway and files. */

import type { LogFilters } from '@flywatch/client';
import {
  FilterSyntaxError,
  ParameterError,
  parseFilter,
  parseMoment,
  parseSelection,
  type Selection,
} from '@flywatch/core';
import type { Command } from 'commander';
import { usage } from '../program/cli-error.ts';
import { safeLabel } from '../view/terminal-text.ts';

export interface FilterFlags {
  readonly level?: string;
  readonly source?: readonly string[];
  readonly app?: readonly string[];
  readonly instance?: readonly string[];
  readonly region?: readonly string[];
  readonly host?: readonly string[];
  readonly provider?: readonly string[];
  readonly query?: string;
  readonly grep?: string;
}

const list = (value: string, previous: readonly string[] = []) => [...previous, ...value.split(',')];

export function addFilterOptions(command: Command): Command {
  return command
    .option('-l, --level <level>', 'least level: trace, debug, info, warn, error, fatal')
    .option('-s, --source <names>', 'names of loggers or subsystems, a comma list', list)
    .option('-a, --app <names>', 'apps, a comma list', list)
    .option('-i, --instance <ids>', 'machines, containers or processes, a comma list', list)
    .option('-r, --region <codes>', 'regions, a comma list', list)
    .option('--host <names>', 'hosts, a comma list', list)
    .option('--provider <kinds>', 'kinds of source such as app, proxy, runner, health, agent; a comma list', list)
    .option('-q, --query <filter>', "a filter such as 'timeout status:>=500 -healthz'")
    .option('-g, --grep <regex>', 'a regular expression that the message has to match');
}

export interface Filters {
  /** As a hub takes them. */
  readonly filters: LogFilters;
  /** As they are judged without one. */
  readonly selection: Selection;
}

/** @throws {CliError} that shows the place where a filter is wrong. */
export function filtersOf(flags: FilterFlags): Filters {
  const { level, source, app, instance, region, host, provider, query, grep } = flags;
  const q = joinFilter(query, grep);
  const filters: LogFilters = { level, source, app, instance, region, host, provider, q };
  try {
    if (query !== undefined) parseFilter(query);
    if (q !== undefined) parseFilter(q);
    return { filters, selection: parseSelection({ ...filters }) };
  } catch (error) {
    if (error instanceof ParameterError) throw usage(`--${error.message.replace(/^q:/, 'query:')}`);
    if (error instanceof FilterSyntaxError) throw usage(pointAt(error, query, q));
    throw error;
  }
}

/** A filter and an expression as one filter. In the filter language an expression stands between slashes. */
function joinFilter(query: string | undefined, grep: string | undefined): string | undefined {
  const isEmpty = query === undefined || query.trim() === '';
  if (grep === undefined || grep === '') return isEmpty ? undefined : query;
  const regex = `/${grep.replace(/\\.|\//g, (part) => (part === '/' ? '\\/' : part))}/`;
  return isEmpty ? regex : `(${query}) ${regex}`;
}

function pointAt({ message, position }: FilterSyntaxError, query: string | undefined, q: string | undefined): string {
  // The query is judged by itself first, so that the place is one in what was typed.
  const text = query ?? q ?? '';
  if (position.end > text.length || /[^\x20-\x7e]/.test(text)) return `--query: ${safeLabel(message)}`;
  const mark = '^'.repeat(Math.max(1, position.end - position.start));
  return `--query: ${safeLabel(message)}\n  ${text}\n  ${' '.repeat(position.start)}${mark}`;
}

/** A time option is judged before anything is asked, so that a mistake in it is one of usage. */
export function checkMoment(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    parseMoment(option, text, Date.now());
    return text;
  } catch (error) {
    if (error instanceof ParameterError) throw usage(error.message);
    throw error;
  }
}
