/** Every example of `docs/filter-language.md`, and the bounds that it names. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseTime } from '../time.ts';
import { compileFilter } from './compile.ts';
import { createEvent, type EventParts, nativeRegex } from './event.fixture.ts';
import { MAX_FIELD_PARTS, MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, MAX_FILTER_TERMS } from './limits.ts';
import { parseFilter } from './parse.ts';

const page = readFileSync(new URL('../../../../docs/filter-language.md', import.meta.url), 'utf8');

const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.slice(2, -2).split(' | '));
const examples = rows.filter((cells) => cells.length === 3);
const refusals = rows.filter((cells) => cells.length === 2);

function codeIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
}

function eventOf(example: string) {
  if (!example.startsWith('{')) return createEvent(example);
  const parts: EventParts = JSON.parse(example);
  return createEvent(parts.time === undefined ? parts : { ...parts, timeMs: parseTime(parts.time)!.ms, timeNanos: 0 });
}

test('the page has all its tables', () => {
  expect(examples.length).toBeGreaterThan(30);
  expect(refusals.length).toBeGreaterThan(10);
  expect(examples.length + refusals.length).toBe(rows.length);
});

describe.each(examples)('%s', (filterCell, finds, passesOver) => {
  const filter = compileFilter(codeIn(filterCell!)[0]!, { regex: nativeRegex });

  test.each(codeIn(finds!))('finds %s', (example) => {
    expect(filter.matches(eventOf(example))).toBe(true);
  });

  test.each(codeIn(passesOver!))('passes over %s', (example) => {
    expect(filter.matches(eventOf(example))).toBe(false);
  });
});

test.each(refusals)('%s is refused because it %s', (filterCell, because) => {
  expect(() => parseFilter(codeIn(filterCell!)[0]!)).toThrow(because);
});

test('the page names the bounds', () => {
  expect(page).toContain(
    `${MAX_FILTER_LENGTH.toLocaleString('en')} characters, ${MAX_FILTER_TERMS} terms, groups nested deeper than ` +
      `${MAX_FILTER_DEPTH}, or a name of more than ${MAX_FIELD_PARTS} parts`,
  );
});
