// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of configuration files look like those of templates

import { expect, test } from 'vitest';
import { expandVariables, UnsetVariable } from './variables.ts';

const variables = (name: string) => ({ HOST: 'db.host', EMPTY: '', LOOP: '${HOST}' })[name];

test.each([
  ['postgresql://u:p@${HOST}:5432/${HOST}', 'postgresql://u:p@db.host:5432/db.host'],
  ['${LOOP}', '${HOST}'],
  ['$HOST and pa$$word', '$HOST and pa$$word'],
  ['$${HOST}', '${HOST}'],
  ['${MISSING:-here}', 'here'],
  ['${EMPTY:-here}', 'here'],
  ['${EMPTY}', ''],
  ['${HOST:-here}', 'db.host'],
  ['${MISSING:-}', ''],
  ['{app}', '{app}'],
])('%s becomes %s', (text, expanded) => {
  expect(expandVariables(text, variables)).toBe(expanded);
});

test('a name that is not set is an error with its name', () => {
  expect(() => expandVariables('${OBSERV_DB_URL}', variables)).toThrow(new UnsetVariable('OBSERV_DB_URL'));
});
