import type { FlatEvent } from '@flywatch/core';
import { describe, expect, it } from 'vitest';
import { complete, type Known, placeAt } from './completion.ts';
import { catalogueOf, describeField } from './field-catalogue.ts';

const line = (fields: Record<string, unknown>): FlatEvent => ({
  id: 'x',
  time: '2026-11-20T10:00:00Z',
  receivedAt: '2026-11-20T10:00:00Z',
  level: 'info',
  message: 'm',
  app: 'web',
  fields,
});

const LINES = [
  line({ res: { statusCode: 200, size: 10, server: 'nginx' } }),
  line({ res: { statusCode: 503, size: 91204, server: 'fly' }, ok: true }),
  line({ res: { statusCode: 200 }, 'a b': 1, app: 'inner', tags: ['x', 'y'] }),
];

const KNOWN: Known = {
  fields: catalogueOf(LINES),
  looked: 3,
  isAll: false,
  values: [
    { value: 'acme-api', count: 9 },
    { value: 'my app', count: 3 },
  ],
  searches: ['level:error', 'timeout or refused'],
};

/** `|` is the caret. */
function completed(marked: string, chosen?: string) {
  const caret = marked.indexOf('|');
  return complete(marked.replace('|', ''), caret, KNOWN, chosen);
}

it('tells a field in a few words', () => {
  expect(KNOWN.fields.slice(0, 3).map(describeField)).toEqual(['text · info', 'text · web', 'number · 200, 503']);
});

describe('at the caret', () => {
  it.each<[string, string | undefined]>([
    ['a res.s|', 'field res.s'],
    ['a | b', 'field '],
    ['-res|', 'field res'],
    ['(|', 'field '],
    ['app:ac|', 'value ac'],
    ['-app:|', 'value '],
    ['status:>=5|', 'value 5'],
    ['app:"my a|', 'value my a'],
    ['"some ph|rase"', undefined],
    ['/expr|/', undefined],
    ['path:/x|', undefined],
    ['app:x | y', 'field '],
  ])('of `%s` is typed: %s', (marked, expected) => {
    const place = placeAt(marked.replace('|', ''), marked.indexOf('|'));
    expect(place && `${place.kind} ${place.typed}`).toBe(expected);
  });

  it('fields that begin so come before those of which a part does, and then forms of the chosen one', () => {
    const [fields, forms] = completed('app:x res.s|');
    expect(fields!.options.map(({ label }) => label)).toEqual(['res.statusCode', 'res.server', 'res.size']);
    expect(fields!.options[0]).toMatchObject({ text: 'app:x res.statusCode:', caret: 21, typed: 5, glyph: '#' });
    expect(forms!.options.map(({ label }) => label)).toEqual([
      'res.statusCode:503',
      'res.statusCode:>502',
      'res.statusCode:5*',
    ]);
    expect(completed('app:x res.s|', 'res.server')[1]!.options[0]!.label).toBe('res.server:nginx');
    expect(completed('status|')[0]!.options[0]!.label).toBe('res.statusCode');
  });

  it('values are quoted where they have to be', () => {
    const [values] = completed('app:my| x');
    expect(values!.options).toMatchObject([{ label: 'my app', text: 'app:"my app" x', count: 3 }]);
    expect(completed('app:|')[0]!.options.map(({ text }) => text)).toEqual(['app:acme-api ', 'app:"my app" ']);
  });

  it('recent searches that have what was typed replace all of it', () => {
    expect(completed('refu|').at(-1)).toMatchObject({
      title: 'Recent searches',
      options: [{ text: 'timeout or refused' }],
    });
    expect(completed('|').at(-1)!.options).toHaveLength(2);
  });
});
