import { expect, test } from 'vitest';
import { createFormat } from './formats.ts';
import type { ShownEvent } from './shown-event.ts';

const event: ShownEvent = {
  time: '2026-11-20T10:15:00Z',
  level: 'warn',
  message: 'two\nlines\x1b[2J',
  app: 'shop',
  fields: { status: 402, user: { id: 7 }, 'k y': 'a b' },
};

const write = (format: string, isTerminal = false) => createFormat(format, { isTerminal, colours: false })?.(event);

// biome-ignore format: a table
test.each([
  ['raw', 'two\nlines\x1b[2J\n'],
  ['logfmt', 'time=2026-11-20T10:15:00Z level=warn message="two\\nlines\\u001b[2J" app=shop status=402 user={"id":7} k_y="a b"\n'.replace('user={"id":7}', 'user="{\\"id\\":7}"')],
  ['{level}\\t{app} {user.id} {fields.status} {region}|', 'warn\tshop 7 402 |\n'],
  ['{user}', '{"id":7}\n'],
])('%s', (format, line) => expect(write(format)).toBe(line));

test('json is the record on one line', () => {
  expect(JSON.parse(write('json')!)).toEqual(event);
  expect(write('json')).toMatch(/^[^\n]*\n$/);
});

test.each(['raw', 'json', 'logfmt', '{message}'])('to a terminal %s has no control characters', (format) => {
  expect(write(format, true)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

test('anything else is no format', () => expect(write('yaml')).toBeUndefined());
