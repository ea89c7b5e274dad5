/** Which fields lines have, and what is in them: what somebody who types a filter is offered. Learned from the lines themselves. */

import type { Fields } from './event.ts';
import { LIST_PARAMETERS, type ListParameter } from './selection.ts';

export interface FieldSummary {
  /** As the filter language names it. */
  readonly name: string;
  readonly type: 'number' | 'text' | 'bool';
  /** Lines that have the field. */
  readonly lines: number;
  /** Different values as texts, the most frequent first. */
  readonly samples: readonly string[];
}

/** Fields that are kept; a program that makes up names for fields must not make up work for its readers. */
const MAX_FIELDS = 500;

/** Different values that are counted of a field. */
const MAX_VALUES = 50;

/** Objects in objects that are looked into. */
const MAX_DEPTH = 4;

/** Longest value that is a help in a list. */
const MAX_SAMPLE_LENGTH = 40;

const LABELS: readonly string[] = ['level', ...LIST_PARAMETERS];

interface Tally {
  lines: number;
  readonly types: Set<string>;
  readonly values: Map<string, number>;
}

/** The labels of a line; null and undefined are both missing. */
export type LineLabels = { readonly [K in 'level' | ListParameter]?: string | null | undefined };

export class FieldCatalogue {
  readonly #tallies = new Map<string, Tally>();

  add(labels: LineLabels, fields: Readonly<Fields>): void {
    for (const name of LABELS) this.#count(name, labels[name as keyof LineLabels]);
    this.#walk('', fields, 0);
  }

  /** Labels first, then by how many lines have them. */
  list(): FieldSummary[] {
    const rank = (name: string) => (LABELS.indexOf(name) + LABELS.length + 1) % (LABELS.length + 1);
    return [...this.#tallies]
      .map(([name, { lines, types, values }]) => ({
        name,
        type: typeOf(types),
        lines,
        samples: [...values].sort((a, b) => b[1] - a[1]).map(([value]) => value),
      }))
      .sort((a, b) => rank(a.name) - rank(b.name) || b.lines - a.lines || (a.name < b.name ? -1 : 1));
  }

  #walk(prefix: string, fields: Readonly<Fields>, depth: number): void {
    for (const key of Object.keys(fields)) {
      const value = fields[key];
      const name = prefix + key;
      // The language cannot name it, so that a filter with it would be a mistake. `_time` and such are notes of the hub.
      if (!/^[A-Za-z@][\w.@\-/]*$/.test(name)) continue;
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        if (depth < MAX_DEPTH) this.#walk(`${name}.`, value as Readonly<Fields>, depth + 1);
      } else this.#count(prefix === '' && LABELS.includes(key) ? `fields.${name}` : name, value);
    }
  }

  #count(name: string, value: unknown): void {
    if (value === undefined || value === null) return;
    let tally = this.#tallies.get(name);
    if (tally === undefined) {
      if (this.#tallies.size >= MAX_FIELDS) return;
      tally = { lines: 0, types: new Set(), values: new Map() };
      this.#tallies.set(name, tally);
    }
    tally.lines++;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'object') continue;
      tally.types.add(typeof one);
      const text = String(one);
      if (text.length > MAX_SAMPLE_LENGTH || text === '') continue;
      const count = tally.values.get(text);
      if (count !== undefined || tally.values.size < MAX_VALUES) tally.values.set(text, (count ?? 0) + 1);
    }
  }
}

function typeOf(types: ReadonlySet<string>): FieldSummary['type'] {
  if (types.size !== 1) return 'text';
  return types.has('number') ? 'number' : types.has('boolean') ? 'bool' : 'text';
}
