/** What questions have used, over the ends of a hub that nobody expects. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startScriptedModel } from '../support/scripted-model.ts';
import { spawnHub } from '../support/test-hub.ts';

const folder = mkdtempSync(join(tmpdir(), 'flywatch-usage-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the totals of /usage and since when they count outlive kill -9', async () => {
  const usage = { prompt_tokens: 1000, completion_tokens: 20, cost: 0.125 };
  await using model = await startScriptedModel(() => ({ text: 'Fine.', usage }));
  const env = {
    OPENROUTER_API_KEY: 'key',
    OPENROUTER_BASE_URL: model.url,
    STORE_PATH: join(folder, 'flywatch.db'),
  };
  const read = async (url: string) => {
    const { period_end: _, ...totals } = (await (await fetch(`${url}/usage`)).json()) as Record<string, unknown>;
    return totals;
  };
  let before: Record<string, unknown> = {};
  for (const asked of [1, 2]) {
    await using hub = await spawnHub(env);
    const { since = (await read(hub.url)).since } = before;
    expect((await fetch(`${hub.url}/chat`, { method: 'POST', body: '{"message":"Well?"}' })).status).toBe(200);
    const now = await read(hub.url);
    expect(now).toMatchObject({
      ...{ total_requests: asked, total_tokens: 1020 * asked, total_cost_usd: 0.125 * asked },
      ...{ since, period_start: since },
    });
    await expect
      .poll(() => readFileSync(join(folder, 'flywatch.db.state.json'), 'utf8'))
      .toContain(`"requests":${asked}`);
    before = now;
    await hub.end('SIGKILL');
  }
  await using last = await spawnHub(env);
  expect(await read(last.url)).toEqual(before);
});
