// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { expect, test } from 'vitest';
import { parseEnvFile } from './env-file.ts';

test.each([
  [
    'OBSERV_DB_URL=postgresql://user:pass@db.host:5432/observ_metrics',
    'postgresql://user:pass@db.host:5432/observ_metrics',
  ],
  ['export OBSERV_DB_URL=x', 'x'],
  ['OBSERV_DB_URL = x  # the database', 'x'],
  ['OBSERV_DB_URL=a#b', 'a#b'],
  ['OBSERV_DB_URL="a # b" # c', 'a # b'],
  ['OBSERV_DB_URL=\'a "$b" \\n\'', 'a "$b" \\n'],
  ['OBSERV_DB_URL="line\\nnext \\"x\\" \\\\"', 'line\nnext "x" \\'],
  ['OBSERV_DB_URL=pa$word${x}', 'pa$word${x}'],
  ['OBSERV_DB_URL=', ''],
  ['\uFEFFOBSERV_DB_URL=first\r\n', 'first'],
  ['OBSERV_DB_URL=first\nOBSERV_DB_URL=second', 'second'],
])('%j gives %j', (text, value) => {
  expect(parseEnvFile(text)).toEqual({ values: { OBSERV_DB_URL: value }, oddLines: [] });
});

test('lines that are no assignment are named by their numbers', () => {
  expect(parseEnvFile('# fine\n\nA=1\nthis is odd\n1B=2\nC=3').oddLines).toEqual([4, 5]);
});

test('__proto__ is a name like any other', () => {
  expect(Object.entries(parseEnvFile('__proto__=x').values)).toEqual([['__proto__', 'x']]);
});
