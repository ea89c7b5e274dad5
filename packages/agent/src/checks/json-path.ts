/** `.user.names[0]`: a way into a JSON text. */

export type JsonPath = readonly (string | number)[];

/** There is nothing at the end of the way; `null` may well be there. */
export const MISSING: unique symbol = Symbol('missing');

/** @throws {Error} where the text is no path */
export function parseJsonPath(text: string): JsonPath {
  const steps: (string | number)[] = [];
  let at = 0;
  for (const { 0: whole, 1: name, 2: index, 3: quoted, index: start } of text.matchAll(
    /\.([^.[\]]+)|\[(\d{1,9})\]|\["([^"]+)"\]/g,
  )) {
    if (start !== at) break;
    steps.push(index === undefined ? (name ?? quoted)! : Number(index));
    at += whole.length;
  }
  if (at !== text.length) {
    throw new Error(`${JSON.stringify(text)} is no path: expected .name, [0] or ["name"], not ${text.slice(at)}`);
  }
  return steps;
}

/** What is at the end of the way, or MISSING: also where the text is no JSON. */
export function valueAt(json: string, path: JsonPath): unknown {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // An answer that is no JSON has nothing at any path; the condition says so.
    return MISSING;
  }
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return MISSING;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
