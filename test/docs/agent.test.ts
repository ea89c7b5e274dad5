/** docs/agent.md against the tables of options, its example and its conditions against the code. */

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK_OPTIONS, loadAgentConfig, MONITORING_OPTIONS } from '@flywatch/agent';
import { expect, test } from 'vitest';
import { fencedBlocks, readDocument, section, tableRows } from './markdown.ts';

interface ShownOption {
  readonly type: string;
  readonly default: unknown;
  readonly shownDefault?: string;
  readonly required?: true;
  readonly help: string;
}

const page = readDocument('docs/agent.md');

/** Rows as the page has to show them. */
function rows(table: Readonly<Record<string, ShownOption>>): string[][] {
  return Object.entries(table).map(([name, { type, default: given, shownDefault, required, help }]) => {
    const shown = required === true ? 'required' : (shownDefault ?? (given === undefined ? '–' : `\`${given}\``));
    return [`\`${name}\``, type, shown, help];
  });
}

test('the page shows every option with its type, default and help, in the order of the code', () => {
  expect(tableRows(page, 'option')).toEqual(rows(MONITORING_OPTIONS));
  expect(tableRows(page, 'check option')).toEqual(rows(CHECK_OPTIONS));
});

test('every option has a sentence of help', () => {
  for (const [name, { help }] of Object.entries({ ...MONITORING_OPTIONS, ...CHECK_OPTIONS })) {
    expect(help, name).toMatch(/^[A-Z`].{10,}\.$/s);
  }
});

function load(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-docs-'));
  try {
    const file = join(folder, 'config.yml');
    writeFileSync(file, text);
    return loadAgentConfig({ file, appName: 'my-app', env: { FLYWATCH_INGEST_TOKEN: 't' } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the example is understood as it stands', () => {
  const example = fencedBlocks(page).find(({ language }) => language === 'yaml')!;
  const { config, warnings } = load(example.text);
  expect(warnings).toEqual([]);
  expect(config?.apps).toMatchObject([
    { logFiles: ['/opt/deployments/my-app/current/logs/app.log'], checks: [{ intervalMs: 30_000, timeoutMs: 5000 }] },
  ]);
});

test('every condition of the page is one', () => {
  const conditions = tableRows(section(page, '### Conditions'), 'condition').map(([cell = '']) =>
    cell.replaceAll('`', ''),
  );
  expect(conditions.length).toBeGreaterThan(8);
  const monitoring = {
    enabled: true,
    hub_url: 'https://h',
    token: 't',
    health_checks: [{ url: 'http://h', expect: conditions }],
  };
  const { config } = load(JSON.stringify({ monitoring }));
  expect(config?.apps[0]?.checks[0]?.expect.map(({ text }) => text)).toEqual(conditions);
});
