/**
 * What one filter costs per event, and what 500 filters of 500 readers cost together.
 *
 * Each run of a bench takes 1,000 events of the kind that Fly apps print, some 120 characters each, whose lazy parts
 * (text in lower case, parsed fields) are there already, as they are from the second filter on: the mean time of a run
 * in microseconds is thus nanoseconds per event. The last bench is 500 filters over 100 events: 50,000 evaluations.
 */

import { expect, test } from 'vitest';
import type { LogEvent } from '../event.ts';
import { type CompiledFilter, compileFilter } from './compile.ts';
import { createEvent, nativeRegex } from './event.fixture.ts';

const APPS = ['web', 'web-2', 'api', 'Billing', 'worker'];

const events = Array.from({ length: 1000 }, (_, i) =>
  createEvent({
    app: APPS[Math.floor(i / 3) % APPS.length],
    region: i % 2 === 0 ? 'ams' : 'fra',
    level: i % 10 === 0 ? 'error' : 'info',
    message: `GET /api/v1/users/${i} status=${200 + (i % 4) * 100} dur=${i % 97}ms user_id=${i * 7} request handled ${
      i % 20 === 0 ? 'after Timeout of the upstream' : 'without any trouble at all'
    } trace=${(i * 7919).toString(16)}`,
  }),
);
for (const event of events) void [event.searchText, event.fields, event.id];

const filters = [
  '*',
  'timeout',
  'time*',
  '"of the upstream"',
  'app:web',
  'level:>=warn',
  'status:500',
  'status:>=500',
  'app:web timeout',
  'level:error or timeout',
  'app:web status:>=500',
  'timeout -app:web',
  'app:api (timeout or status:500) -level:debug',
];

const MANY_SHAPES = [
  (i: number) => `word${i}`,
  (i: number) => `app:app${i}`,
  (i: number) => `app:web word${i}`,
  (i: number) => `status:>${i}`,
  (i: number) => `level:>=warn "phrase ${i}"`,
];

/** How many evaluations were true; counted, so that no evaluation is without use. */
function countMatches(compiled: readonly CompiledFilter[], some: readonly LogEvent[]): number {
  let found = 0;
  for (const event of some) {
    for (const filter of compiled) if (filter.matches(event)) found++;
  }
  return found;
}

const compile = (text: string) => compileFilter(text, { regex: nativeRegex });
const many = Array.from({ length: 500 }, (_, i) => compile(MANY_SHAPES[i % MANY_SHAPES.length]!(i)));

test('the events of the bench are found by some filters and not by all', () => {
  for (const text of filters.slice(1)) {
    const found = countMatches([compile(text)], events);
    expect(found, text).toBeGreaterThan(0);
    expect(found, text).toBeLessThan(events.length);
  }
});

test('1,000 events through one filter', async ({ bench }) => {
  const [first, second, ...rest] = filters.map((text) => {
    const compiled = [compile(text)];
    return bench(text, () => void countMatches(compiled, events));
  });
  await bench.compare(first!, second!, ...rest);
});

test('100 events through 500 different filters', async ({ bench }) => {
  const some = events.slice(0, 100);
  await bench('50,000 evaluations', () => void countMatches(many, some)).run();
});
