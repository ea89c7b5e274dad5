/** Nested fields as pairs of path and value, within bounds: a line may hold any tree. */

import type { Fields } from '@flywatch/core';

/** Depth that a path shows; deeper is JSON in the value. */
const MAX_DEPTH = 3;

/** The first `limit` pairs, `[['req.method', 'GET'], …]`; names at the top for which `isLeftOut` is true are passed over. */
export function flatFields(
  fields: Readonly<Fields>,
  limit: number,
  isLeftOut: (name: string) => boolean = () => false,
): [string, unknown][] {
  const pairs: [string, unknown][] = [];
  const walk = (object: object, prefix: string, depth: number): void => {
    for (const [key, value] of Object.entries(object)) {
      if (pairs.length >= limit) return;
      if (depth === 0 && isLeftOut(key)) continue;
      if (depth < MAX_DEPTH && isNested(value)) walk(value, `${prefix}${key}.`, depth + 1);
      else pairs.push([prefix + key, value]);
    }
  };
  walk(fields, '', 0);
  return pairs;
}

/** A value as text: as it stands where it is one, else as JSON. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
}

function isNested(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const _ in value) return true;
  return false;
}
