/**
 * Finds the value that a dotted name means in parsed fields. Loggers write `http.status` both ways, nested and as one
 * flat key, so the longest run of parts that is a key wins, and shorter runs are tried where that leads nowhere.
 *
 * Keys come from lines that strangers write: only own properties are looked at, so that `constructor` and `__proto__`
 * mean what the line says and nothing else.
 */

import type { Fields } from '../event.ts';

export type FieldLookup = (fields: Readonly<Fields>) => unknown;

export function createFieldLookup(name: string): FieldLookup {
  if (!name.includes('.')) return (fields) => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const parts = name.split('.');
  /** `keys[from]` holds the parts from there on joined, longest first. Joined here, since events must not pay for it. */
  const keys = parts.map((_, from) =>
    parts.slice(from).map((_, dropped) => parts.slice(from, parts.length - dropped).join('.')),
  );
  return (fields) => lookUp(fields, keys, 0);
}

/** Every object is entered at most once: the keys that lead to it fix which parts are left. */
function lookUp(container: object, keys: readonly (readonly string[])[], from: number): unknown {
  const candidates = keys[from]!;
  for (let dropped = 0; dropped < candidates.length; dropped++) {
    const value = ownValue(container, candidates[dropped]!);
    if (value === undefined || value === null) continue;
    if (dropped === 0) return value;
    if (typeof value !== 'object') continue;
    const found = lookUp(value, keys, from + candidates.length - dropped);
    if (found !== undefined) return found;
  }
  return undefined;
}

function ownValue(container: object, key: string): unknown {
  // The length of an array is an own property, yet nothing that the line has said.
  if (!Object.hasOwn(container, key) || (key === 'length' && Array.isArray(container))) return undefined;
  return (container as Readonly<Fields>)[key];
}
