/**
 * A selection as conditions in SQL. They let pass every row that matches, and where something cannot be said in SQL, some that
 * do not: what decides is the test that live events meet, on the rows that come back.
 */

import { LEVELS, LIST_PARAMETERS, type ListParameter, levelRank, parseFilter, sqlText } from '@flywatch/core';
import type { Needed } from '../answers/needed-words.ts';
import type { RowSelection } from '../answers/row-test.ts';
import type { TimePoint, TimeRange } from '../questions.ts';
import { textCondition } from './text-conditions.ts';

/** Labels and their columns. */
export const LABEL_COLUMNS: Readonly<Record<ListParameter, string>> = {
  app: 'app_name',
  instance: 'instance',
  region: 'region',
  provider: 'provider',
  source: 'source',
  host: 'host',
};

/** Conditions that all have to hold, and the values of their parameters. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: unknown[] = [];

  /** Adds a condition; each `?` in it stands for the next of the values. */
  add(sql: string, ...values: unknown[]): this {
    let next = 0;
    this.#parts.push(sql.replace(/\?/g, () => `$${this.values.push(values[next++])}`));
    return this;
  }

  get sql(): string {
    return this.#parts.length === 0 ? 'true' : this.#parts.join(' AND ');
  }
}

/** A moment in microseconds since 1970; what is below is cut off. */
export function microsOf({ ms, nanos }: TimePoint): number {
  return ms * 1000 + Math.floor(Math.max(0, nanos) / 1000);
}

/** A parameter in microseconds as a time; exact, where `to_timestamp` would round. */
export const TIME_PARAMETER = "(timestamptz 'epoch' + ?::bigint * interval '1 microsecond')";

export function addSelection(conditions: Conditions, selection: RowSelection, needed: Needed | undefined): void {
  const { level, onlyLevel, lists, exact } = selection;
  if (level !== undefined && level !== LEVELS[0]) conditions.add('rank >= ?', levelRank(level));
  if (onlyLevel !== undefined) conditions.add('rank = ?', levelRank(onlyLevel));
  for (const name of LIST_PARAMETERS) {
    const values = lists[name];
    if (values !== undefined) conditions.add(`${LABEL_COLUMNS[name]} = ANY (?::text[])`, values.map(sqlText));
  }
  for (const name of LIST_PARAMETERS) {
    if (exact === undefined || !Object.hasOwn(exact, name)) continue;
    const value = (exact as { readonly [label: string]: string | undefined })[name];
    if (value === undefined) conditions.add(`${LABEL_COLUMNS[name]} IS NULL`);
    else conditions.add(`${LABEL_COLUMNS[name]} = ?`, sqlText(value));
  }
  if (needed !== undefined) addWords(conditions, needed);
  const text = selection.q === undefined ? undefined : textCondition(parseFilter(selection.q));
  if (text !== undefined) conditions.add(text.sql, ...text.values);
}

function addWords(conditions: Conditions, needed: Needed): void {
  const values: unknown[] = [];
  const hashes = (list: number[]) => {
    values.push(list);
    return '?::integer[]';
  };
  const having = (part: Needed): string => {
    if (typeof part === 'number') return `words @> ${hashes([part])}`;
    if ('any' in part) {
      const plain = part.any.every((inner) => typeof inner === 'number');
      if (plain) return `words && ${hashes(part.any as number[])}`;
      return `(${part.any.map(having).join(' OR ')})`;
    }
    const plain = part.all.filter((inner) => typeof inner === 'number');
    const others = part.all.filter((inner) => typeof inner !== 'number');
    return `(${[...(plain.length === 0 ? [] : [`words @> ${hashes(plain)}`]), ...others.map(having)].join(' AND ')})`;
  };
  const sql = having(needed);
  conditions.add(`(${sql} OR words @> '{0}')`, ...values);
}

/** Rows whose time may lie in the range: those at its ends are looked at to the nanosecond afterwards. */
export function addRange(conditions: Conditions, { from, to }: TimeRange): void {
  if (from !== undefined) conditions.add(`timestamp >= ${TIME_PARAMETER}`, microsOf(from));
  if (to !== undefined)
    conditions.add(`timestamp ${to.nanos % 1000 === 0 ? '<' : '<='} ${TIME_PARAMETER}`, microsOf(to));
}

/** Whether the conditions let pass what matches and nothing else. */
export function areExact(selection: RowSelection, { from, to }: TimeRange): boolean {
  return (
    selection.q === undefined &&
    (from === undefined || from.nanos % 1000 === 0) &&
    (to === undefined || to.nanos % 1000 === 0)
  );
}
