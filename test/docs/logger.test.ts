/** docs/logger.md against the options of the logger. Its examples are run by test/logger/examples.test.ts. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readDocument, tableRows } from './markdown.ts';

const page = readDocument('docs/logger.md');

/** Names of the properties of an exported interface, as they stand in its source. */
function propertiesOf(file: string, name: string): string[] {
  const source = readFileSync(fileURLToPath(new URL(`../../packages/logger/src/${file}`, import.meta.url)), 'utf8');
  const body = new RegExp(`export interface ${name} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, property]) => property!);
}

const names = (cell: string | undefined) => [...(cell ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name!);

test('the page shows every option, in the order of the code', () => {
  const shown = tableRows(page, 'option').flatMap(([name]) => names(name));
  expect(shown).toEqual(propertiesOf('options.ts', 'LoggerOptions'));
});

test('the page shows every option of a hub', () => {
  const shown = tableRows(page, 'of `hub`').flatMap(([name]) => names(name));
  expect(shown).toEqual(propertiesOf('hub/hub-sender.ts', 'HubOptions').filter((name) => name !== ''));
});

test('the page shows every refusal of the gateway that its code has', () => {
  const source = ['admission', 'log-gateway'].map((file) =>
    readFileSync(fileURLToPath(new URL(`../../packages/logger/src/gateway/${file}.ts`, import.meta.url)), 'utf8'),
  );
  const thrown = [...source.join('').matchAll(/new Refusal\(\s*(\d{3}),\s*'(\w+)'/g)].map(
    ([, status, code]) => `${status} ${code}`,
  );
  const shown = tableRows(page, 'status').map(([status, code]) => `${status} ${names(code)[0]}`);
  expect([...new Set(thrown)].sort()).toEqual(shown.sort());
});
