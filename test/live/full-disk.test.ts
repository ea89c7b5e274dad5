/** A disk that is full: streams go on, the state is visible, and writing resumes by itself. On a real file system of a few megabytes. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isLogBlock, readSse } from '../support/readers.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { spawnHub } from '../support/test-hub.ts';

const disk = mountSmallDisk('4m');
const name = disk === undefined ? 'a full disk (skipped: this user may not mount a small file system)' : 'a full disk';

test.skipIf(disk === undefined)(
  `${name}: live goes on, /ready says it, and when there is room everything acknowledged is there once`,
  { timeout: 90_000 },
  async () => {
    const { folder, resize, unmount } = disk!;
    try {
      await using hub = await spawnHub({ STORE_PATH: join(folder, 'flywatch.db') });
      const reader = await readSse(`${hub.url}/logs/stream?format=flat`);
      let random = 1;
      const noise = () => {
        random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
        return random.toString(36);
      };
      const acknowledged: string[] = [];
      const send = async (batch: number) => {
        random = batch + 1;
        const lines = Array.from(
          { length: 200 },
          (_, i) => `b${batch} ${i} ${Array.from({ length: 80 }, noise).join(' ')}`,
        );
        const response = await fetch(`${hub.url}/ingest/logs`, {
          method: 'POST',
          body: lines.join('\n'),
          headers: { 'content-type': 'text/plain', 'batch-id': `b${batch}` },
        });
        const answer = (await response.json()) as { code?: string };
        if (response.status === 200) acknowledged.push(...lines);
        else expect(answer.code).toBe('store_unavailable');
        return response;
      };
      let batch = 0;
      let refused: Response;
      do refused = await send(++batch);
      while (refused.status === 200 && batch < 200);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(hub.lines.join('\n')).toMatch(/cannot be written: database or disk is full/);
      const ready = await fetch(`${hub.url}/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ ready: false, store: { state: 'failing', ready: false } });
      // The batch that was refused was streamed all the same, and history shows it too.
      await reader.until(batch * 200, isLogBlock, 20_000);
      const { total } = (await (await fetch(`${hub.url}/logs/histogram`)).json()) as { total: number };
      expect(total).toBe(batch * 200);

      resize('64m');
      await expect.poll(async () => (await fetch(`${hub.url}/ready`)).status).toBe(200);
      // Sent again, as its client would; and new ones are taken.
      expect((await send(batch)).status).toBe(200);
      expect((await send(batch + 1)).status).toBe(200);
      reader.close();
      await hub.end('SIGKILL');

      await using again = await spawnHub({ STORE_PATH: join(folder, 'flywatch.db') });
      const text = await (await fetch(`${again.url}/logs/export`)).text();
      const messages = text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { message: string }).message);
      expect(messages).toHaveLength(new Set(messages).size);
      expect([...messages].sort()).toEqual([...acknowledged].sort());
    } finally {
      unmount();
    }
  },
);
