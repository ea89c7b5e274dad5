import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spawnHub } from '../support/test-hub.ts';

test('rows that were acknowledged are there once after a kill -9, however often their batch comes again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-fleet-'));
  const env = { STORE_PATH: join(folder, 'flywatch.db') };
  const row = (i: number) => ({
    timestamp: new Date(Date.now() - i * 1000).toISOString(),
    vps_name: 'vps-1',
    app_name: 'shop',
    cpu_percent: i,
  });
  const batches = Array.from({ length: 20 }, (_, seq) => ({
    id: `agent/vps-1-shop-metrics/boot/${seq}/00000000`,
    body: JSON.stringify([row(seq * 2), row(seq * 2 + 1)]),
  }));
  const send = async (url: string, { id, body }: (typeof batches)[number]) => {
    const headers = { 'content-type': 'application/json', 'batch-id': id };
    const response = await fetch(`${url}/ingest/metrics`, { method: 'POST', headers, body });
    return (await response.json()) as { accepted: number; duplicate?: true };
  };
  try {
    const acknowledged = new Set<string>();
    {
      await using hub = await spawnHub(env);
      const sending = batches.map(async (batch) => {
        if ((await send(hub.url, batch)).accepted === 2) acknowledged.add(batch.id);
        // In the middle of the others.
        if (acknowledged.size === 5) await hub.end('SIGKILL');
      });
      await Promise.allSettled(sending);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(5);
    await using hub = await spawnHub(env);
    for (const batch of batches) {
      const answer = await send(hub.url, batch);
      expect(answer.accepted).toBe(2);
      if (acknowledged.has(batch.id)) expect(answer.duplicate).toBe(true);
    }
    const response = await fetch(`${hub.url}/api/vps/vps-1/metrics`);
    const points = (await response.json()) as { cpu_percent: number }[];
    expect(points.map(({ cpu_percent }) => cpu_percent)).toEqual(Array.from({ length: 40 }, (_, i) => 39 - i));
  } finally {
    await rm(folder, { recursive: true });
  }
});
