import { expect, test } from 'vitest';
import { FieldCatalogue } from './field-catalogue.ts';
import { parseStructure } from './structure.ts';

function catalogueOf(...lines: readonly Record<string, unknown>[]) {
  const catalogue = new FieldCatalogue();
  for (const fields of lines) catalogue.add({ level: 'info', app: 'web', host: null }, fields);
  return catalogue.list();
}

test('labels come first, then fields by how many lines have them, with types and frequent values', () => {
  const told = catalogueOf(
    { res: { statusCode: 200, size: 10, server: 'nginx' }, mixed: 1 },
    { res: { statusCode: 503, server: 'fly' }, ok: true, mixed: 'one' },
    { res: { statusCode: 503 }, 'a b': 1, app: 'inner', tags: ['x', 'y', 'x'], _time: 'received' },
  );
  expect(told.map(({ name, type, lines, samples }) => [name, type, lines, samples.join()])).toEqual([
    ['level', 'text', 3, 'info'],
    ['app', 'text', 3, 'web'],
    ['res.statusCode', 'number', 3, '503,200'],
    ['mixed', 'text', 2, '1,one'],
    ['res.server', 'text', 2, 'nginx,fly'],
    ['fields.app', 'text', 1, 'inner'],
    ['ok', 'bool', 1, 'true'],
    ['res.size', 'number', 1, '10'],
    ['tags', 'text', 1, 'x,y'],
  ]);
});

test('it stays bounded, whatever lines bring', () => {
  const deep = { a: { b: { c: { d: { e: { f: 1 } } } } } };
  const many = catalogueOf(...Array.from({ length: 2000 }, (_, i) => ({ [`k${i}`]: i, deep })));
  expect(many).toHaveLength(500);
  expect(many.some(({ name }) => name.startsWith('deep.a.b.c.d'))).toBe(false);
  const values = catalogueOf(...Array.from({ length: 200 }, (_, n) => ({ n, long: 'x'.repeat(41 + n) })));
  expect(values.find(({ name }) => name === 'n')!.samples).toHaveLength(50);
  expect(values.find(({ name }) => name === 'long')).toMatchObject({ lines: 200, samples: [] });
});

test('names that mean something to objects are names like others, or none that can be asked for', () => {
  const told = catalogueOf(parseStructure('{"__proto__":{"x":1},"constructor":"c","hasOwnProperty":2}')!);
  expect(told.map(({ name }) => name)).toEqual(['level', 'app', 'constructor', 'hasOwnProperty']);
});
