/**
 * A selection: the filters that every surface has (DESIGN, section 4), as one value. A minimum level, comma lists for the
 * labels, and the filter language in `q`; an event has to pass all of them.
 */

import { type CompileFilterOptions, compileFilter } from './filter/compile.ts';
import type { FilterTarget } from './filter/filter-target.ts';
import { LEVELS, type Level, levelRank, parseLevel } from './levels.ts';
import { ParameterError } from './parameters.ts';

/** Parameters that take a comma list and must equal one of its values. */
export const LIST_PARAMETERS = ['app', 'instance', 'region', 'provider', 'source', 'host'] as const;

export type ListParameter = (typeof LIST_PARAMETERS)[number];

export interface Selection {
  /** Minimum level. */
  readonly level?: Level;
  /** Wanted values per label; a label without a list takes all. */
  readonly lists: { readonly [K in ListParameter]?: readonly string[] };
  /** Text in the filter language. */
  readonly q?: string;
}

export interface CompiledSelection {
  /** Equal for selections that let the same events pass, as far as their form tells. */
  readonly key: string;
  matches(event: FilterTarget): boolean;
}

/** Values of one list, and characters of each: more than any dashboard sends; both are evaluated per event. */
const MAX_LIST_VALUES = 100;
const MAX_VALUE_CHARS = 256;

/** The selection in a request's parameters. @throws {ParameterError} */
export function parseSelection(parameters: {
  readonly [name: string]: string | readonly string[] | undefined;
}): Selection {
  const lists: { [K in ListParameter]?: readonly string[] } = {};
  for (const name of LIST_PARAMETERS) {
    const values = parseList(name, parameters[name]);
    if (values.length > 0) lists[name] = values;
  }
  const level = parseMinimumLevel(parameters.level);
  const q = parameters.q;
  if (q !== undefined && typeof q !== 'string') throw new ParameterError('q', q.join('&'), 'one filter, not several');
  return {
    lists,
    ...(level === undefined ? undefined : { level }),
    ...(q === undefined || q.trim() === '' ? undefined : { q }),
  };
}

function parseMinimumLevel(given: string | readonly string[] | undefined): Level | undefined {
  if (given === undefined || given === '') return undefined;
  const level = typeof given === 'string' ? parseLevel(given) : undefined;
  if (level === undefined) throw new ParameterError('level', String(given), `one of ${LEVELS.join(', ')}`);
  return level;
}

function parseList(name: ListParameter, given: string | readonly string[] | undefined): readonly string[] {
  if (given === undefined) return [];
  const texts = typeof given === 'string' ? [given] : given;
  const values = texts
    .flatMap((text) => text.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
  if (values.length > MAX_LIST_VALUES) {
    throw new ParameterError(name, `${values.length} values`, `at most ${MAX_LIST_VALUES} in a comma list`);
  }
  const long = values.find((value) => value.length > MAX_VALUE_CHARS);
  if (long !== undefined) throw new ParameterError(name, long, `values of at most ${MAX_VALUE_CHARS} characters`);
  return [...new Set(values)].sort();
}

/** A test for events, cheapest parts first. @throws {FilterSyntaxError} where `q` cannot be understood. */
export function compileSelection(selection: Selection, options: CompileFilterOptions): CompiledSelection {
  const tests: ((event: FilterTarget) => boolean)[] = [];
  const { level, lists, q } = selection;
  if (level !== undefined && level !== 'trace') {
    const minimum = levelRank(level);
    tests.push((event) => levelRank(event.level) >= minimum);
  }
  for (const name of LIST_PARAMETERS) {
    const values = lists[name];
    if (values === undefined) continue;
    const [only] = values;
    if (values.length === 1) tests.push((event) => event[name] === only);
    else {
      const wanted = new Set<string | undefined>(values);
      tests.push((event) => wanted.has(event[name]));
    }
  }
  let filterKey = '';
  if (q !== undefined) {
    const filter = compileFilter(q, options);
    filterKey = filter.key;
    if (filter.node.type !== 'all') tests.push((event) => filter.matches(event));
  }
  return {
    key: JSON.stringify([level === 'trace' ? null : (level ?? null), lists, filterKey]),
    matches: everyOf(tests),
  };
}

function everyOf(tests: readonly ((event: FilterTarget) => boolean)[]): (event: FilterTarget) => boolean {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (event) => first(event) && second(event);
  return (event) => {
    for (const test of tests) if (!test(event)) return false;
    return true;
  };
}
