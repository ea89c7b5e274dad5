/** docs/chat.md against the code: the tools, the bounds, what is masked. */

import { OPTIONS } from '@flywatch/hub';
import { expect, test } from 'vitest';
import { startScriptedModel } from '../support/scripted-model.ts';
import { setupHub } from './hub.fixture.ts';
import { readDocument, tableRows } from './markdown.ts';

const page = readDocument('docs/chat.md');
const namesOf = (rows: readonly (readonly string[])[]) => rows.map(([name = '']) => name.slice(1, -1));

test('the page lists the tools that a model is told of, in their order', async () => {
  await using model = await startScriptedModel([{ text: 'Fine.' }]);
  await using hub = await setupHub({ OPENROUTER_API_KEY: 'key', OPENROUTER_BASE_URL: model.url });
  await fetch(`${hub.url}/chat`, { method: 'POST', body: '{"message":"Well?"}' });
  const told = model.requests[0]!.body.tools!.map((tool) => tool.function.name);
  expect(namesOf(tableRows(page, 'tool'))).toEqual(told);
});

test('the page names every bound with its default', () => {
  for (const [name = '', value = ''] of tableRows(page, 'bound')) {
    const option = OPTIONS[name.slice(1, -1) as keyof typeof OPTIONS];
    expect(value.replaceAll(',', ''), name).toMatch(new RegExp(`^${option.default}\\b`));
  }
});
