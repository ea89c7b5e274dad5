/** docs/config.md against the table of options. */

import { loadConfig, OPTIONS } from '@flywatch/hub';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fencedBlocks, readDocument, tableRows } from './markdown.ts';

interface ShownOption {
  readonly aliases?: readonly string[];
  readonly default: unknown;
  readonly shownDefault?: string;
  readonly help: string;
  readonly fromPlatform?: boolean;
}

const page = readDocument('docs/config.md');
const options = Object.entries(OPTIONS) as [string, ShownOption][];

/** One row as the page has to show it. */
function row(name: string, { aliases, default: given, shownDefault, help }: ShownOption): string[] {
  const others = aliases === undefined ? '' : ` (${aliases.map((alias) => `\`${alias}\``).join(', ')})`;
  return [`\`${name}\`${others}`, shownDefault ?? (given === undefined ? '–' : `\`${given}\``), help];
}

test('the page shows every option with its aliases, default and help, in the order of the code', () => {
  const platform = ([, option]: [string, ShownOption]) => option.fromPlatform === true;
  const inOrder = [...options.filter((entry) => !platform(entry)), ...options.filter(platform)];
  expect(tableRows(page, 'option')).toEqual(inOrder.map(([name, option]) => row(name, option)));
});

test('every option has a sentence of help', () => {
  for (const [name, { help }] of options) expect(help, name).toMatch(/^.{20,}\.$/s);
});

test('the example of a configuration file is understood', () => {
  const block = fencedBlocks(page).find(({ language }) => language === 'yaml');
  const values = parse(block?.text ?? '') as Record<string, unknown>;
  const env = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
  const { config, warnings } = loadConfig({ ...env, ACCESS_TOKEN: 'x' });
  expect(warnings).toEqual([]);
  expect(config.FLY_APP).toEqual(['shop', 'api']);
});
