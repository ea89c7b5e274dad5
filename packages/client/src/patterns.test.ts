import { expect, it } from 'vitest';
import { HubError } from './errors.ts';
import { createHubClient } from './hub-client.ts';
import { failing, startScriptedHub } from './testing/scripted-hub.ts';

const REPORT = { patterns: [], found: 0, events: 0, complete: true, looked_back_to: null };

it('asks with the filters, the range and what is compared with, and leaves the rest to the hub', async () => {
  await using hub = await startScriptedHub(failing(200, REPORT));
  const client = createHubClient({ url: hub.url });
  const asked = { app: ['a', 'b'], q: 'x:>1', from: '1h', baseline: '1d', sort: 'count', limit: 5 } as const;
  expect(await client.patterns(asked)).toEqual(REPORT);
  await client.patterns();
  expect(hub.requests.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual([
    ['/logs/patterns', { app: 'a,b', q: 'x:>1', from: '1h', baseline: '1d', sort: 'count', limit: '5' }],
    ['/logs/patterns', {}],
  ]);
});

it('fails in the hub’s words, and where something else answers', async () => {
  const refusal = { error: 'sort: no', code: 'bad_parameter', status: 400 };
  await using wrong = await startScriptedHub(failing(400, refusal));
  await expect(createHubClient({ url: wrong.url }).patterns({ sort: 'change' })).rejects.toMatchObject(
    new HubError(refusal.error, { ...refusal, url: `${wrong.url}/logs/patterns` }),
  );
  await using other = await startScriptedHub(failing(200, { hello: 'world' }));
  await expect(createHubClient({ url: other.url }).patterns()).rejects.toMatchObject({ code: 'unexpected_answer' });
});
