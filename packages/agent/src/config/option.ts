/** A table of options, and how a mapping of a configuration file is read by it. */

import { nearestName } from '@flywatch/core';
import type { Mistakes } from './mistakes.ts';
import type { YamlValue } from './yaml-value.ts';

/** Reads one value; throws its mistake. Lists add those of their items to `mistakes` and go on. */
export type Read<T> = (value: YamlValue, mistakes: Mistakes) => T;

export interface Option<T> {
  readonly read: Read<T>;
  readonly default: T;
  /** What it takes, as the docs say it. */
  readonly type: string;
  /** What it is for, as the docs say it. */
  readonly help: string;
  /** How the default reads in the docs where its value does not say it. */
  readonly shownDefault?: string;
  readonly required?: true;
  readonly secret?: true;
}

export function option<T>(definition: Option<T>): Option<T> {
  return definition;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

export type Values<Table> = { readonly [K in keyof Table]: Table[K] extends Option<infer T> ? T : never };

/** Values by the names of a table, and where each that was given stands. */
export interface Mapping<Table> {
  readonly values: Values<Table>;
  readonly at: Readonly<Partial<Record<keyof Table, YamlValue>>>;
}

/** Reads a mapping. Unknown names, values that cannot be used and required ones that are missing become mistakes. */
export function readMapping<Table extends OptionTable>(
  mapping: YamlValue,
  table: Table,
  mistakes: Mistakes,
): Mapping<Table> {
  const values: Record<string, unknown> = {};
  const at: Record<string, YamlValue> = {};
  for (const [name, { default: given }] of Object.entries(table)) values[name] = given;
  for (const { name, key, value } of mistakes.collect(() => mapping.pairs(), [])) {
    if (!Object.hasOwn(table, name)) {
      const meant = nearestName(name, Object.keys(table));
      const hint = meant === undefined ? `known are ${Object.keys(table).join(', ')}` : `did you mean ${meant}?`;
      mistakes.add(key.mistake(`unknown option; ${hint}`));
    } else if (!value.isEmpty) {
      const definition = table[name]!;
      at[name] = value;
      values[name] = mistakes.collect(() => definition.read(value, mistakes), definition.default);
    }
  }
  for (const [name, { required }] of Object.entries(table)) {
    if (required === true && mapping.isMapping && at[name] === undefined) {
      mistakes.add(mapping.mistake(`${name} is missing`));
    }
  }
  return { values: values as Values<Table>, at: at as Mapping<Table>['at'] };
}
