/** Readers of single values: text in, value out, or a mistake that says what was expected. */

import { parseDuration } from '@flywatch/core';
import type { Read } from './option.ts';
import type { YamlValue } from './yaml-value.ts';

export function readText(value: YamlValue): string {
  const text = value.text().trim();
  if (text === '') throw value.mistake('expected a value, not an empty text');
  return text;
}

export function readTruth(value: YamlValue): boolean {
  const text = value.text().trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(text)) return true;
  if (['false', 'no', 'off', '0'].includes(text)) return false;
  throw value.mistake(`expected true or false, not ${JSON.stringify(text)}`);
}

export function readWhole(minimum: number, maximum: number): Read<number> {
  return (value) => {
    const text = value.text().trim();
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= minimum && number <= maximum)) {
      throw value.mistake(`expected a whole number from ${minimum} to ${maximum}, not ${JSON.stringify(text)}`);
    }
    return number;
  };
}

/** Seconds as a bare number, or a duration such as `500ms` or `5m`, as milliseconds. */
export function readSeconds(minimumMs: number, maximumMs: number): Read<number> {
  return (value) => {
    const text = value.text().trim();
    const ms = /^\d{1,9}(?:\.\d{1,3})?$/.test(text) ? Number(text) * 1000 : parseDuration(text);
    if (ms === undefined) {
      throw value.mistake(`expected seconds or a duration such as 30s or 5m, not ${JSON.stringify(text)}`);
    }
    if (ms < minimumMs) throw value.mistake(`${text} is below the minimum of ${minimumMs / 1000} seconds`);
    if (ms > maximumMs) throw value.mistake(`${text} is above the maximum of ${maximumMs / 1000} seconds`);
    return ms;
  };
}

export function readOneOf<const T extends string>(...known: readonly T[]): Read<T> {
  return (value) => {
    const text = value.text().trim();
    const found = known.find((name) => name.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw value.mistake(`expected one of ${known.join(', ')}, not ${JSON.stringify(text)}`);
    return found;
  };
}

/** A list, or a single value in its place. What is wrong with one item does not hide what is wrong with the next. */
export function readList<T>(read: Read<T>, maximum: number): Read<readonly T[]> {
  return (value, mistakes) => {
    const items = value.isList ? value.items() : [value];
    if (items.length > maximum) throw value.mistake(`expected at most ${maximum} entries, not ${items.length}`);
    const found: T[] = [];
    for (const item of items) {
      const one = mistakes.collect<{ value: T } | undefined>(() => ({ value: read(item, mistakes) }), undefined);
      if (one !== undefined) found.push(one.value);
    }
    return found;
  };
}
