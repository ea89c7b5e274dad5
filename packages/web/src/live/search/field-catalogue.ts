/** Which fields there are, and what is in them: learned from some lines, since a hub keeps no list of them. */

import { type FlatEvent, LIST_PARAMETERS } from '@flywatch/core';

export interface Field {
  readonly name: string;
  readonly type: 'number' | 'text' | 'bool';
  /** Different values as texts, the most frequent first. */
  readonly samples: readonly string[];
  /** Lines among those looked at that have the field. */
  readonly lines: number;
}

/** Fields that are kept; a program that makes up names for fields must not make up work for the page. */
const MAX_FIELDS = 500;

/** Different values that are counted of a field. */
const MAX_VALUES = 50;

/** Objects in objects that are looked into. */
const MAX_DEPTH = 4;

/** Longest value that is a help in a list. */
const MAX_SAMPLE_LENGTH = 40;

interface Tally {
  lines: number;
  readonly types: Set<string>;
  readonly values: Map<string, number>;
}

/** The fields of these lines, labels first, then by how many lines have them. */
export function catalogueOf(lines: readonly FlatEvent[]): readonly Field[] {
  const tallies = new Map<string, Tally>();
  for (const line of lines) {
    for (const name of ['level', ...LIST_PARAMETERS] as const) tally(tallies, name, line[name]);
    walk(tallies, '', line.fields ?? {}, 0);
  }
  const labels: readonly string[] = ['level', ...LIST_PARAMETERS];
  const rank = (name: string) => (labels.indexOf(name) + labels.length + 1) % (labels.length + 1);
  return [...tallies]
    .map(
      ([name, { lines, types, values }]) =>
        ({
          name,
          type:
            types.size === 1 && types.has('number')
              ? 'number'
              : types.size === 1 && types.has('boolean')
                ? 'bool'
                : 'text',
          samples: [...values].sort((a, b) => b[1] - a[1]).map(([value]) => value),
          lines,
        }) satisfies Field as Field,
    )
    .sort((a, b) => rank(a.name) - rank(b.name) || b.lines - a.lines || a.name.localeCompare(b.name));
}

function walk(tallies: Map<string, Tally>, prefix: string, fields: Readonly<Record<string, unknown>>, depth: number) {
  for (const [key, value] of Object.entries(fields)) {
    const name = prefix + key;
    // The language cannot name it, so that completing it would end in a mistake. `_time` and such are notes of the hub.
    if (!/^[A-Za-z@][\w.@\-/]*$/.test(name)) continue;
    const shown = prefix === '' && (key === 'level' || key in LABEL_NAMES) ? `fields.${name}` : name;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (depth < MAX_DEPTH) walk(tallies, `${name}.`, value as Record<string, unknown>, depth + 1);
    } else tally(tallies, shown, value);
  }
}

const LABEL_NAMES = Object.fromEntries(LIST_PARAMETERS.map((name) => [name, true]));

function tally(tallies: Map<string, Tally>, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  let found = tallies.get(name);
  if (found === undefined) {
    if (tallies.size >= MAX_FIELDS) return;
    found = { lines: 0, types: new Set(), values: new Map() };
    tallies.set(name, found);
  }
  found.lines++;
  for (const one of Array.isArray(value) ? value : [value]) {
    if (typeof one === 'object') continue;
    const text = String(one);
    found.types.add(typeof one);
    if (text.length > MAX_SAMPLE_LENGTH || text === '') continue;
    const count = found.values.get(text);
    if (count !== undefined || found.values.size < MAX_VALUES) found.values.set(text, (count ?? 0) + 1);
  }
}

/** Samples that are named one by one. */
const SHOWN_SAMPLES = 4;

/** `number · 200, 304, 500`, `number · 0 to 91204`, `text · nginx, fly`. */
export function describeField({ type, samples }: Field): string {
  if (type === 'number' && samples.length > SHOWN_SAMPLES) {
    const numbers = samples.map(Number);
    return `number · ${Math.min(...numbers)} to ${Math.max(...numbers)}`;
  }
  const shown = samples.slice(0, SHOWN_SAMPLES);
  return shown.length === 0 ? type : `${type} · ${shown.join(', ')}`;
}
