import { describe, expect, it } from 'vitest';
import { HubError } from './errors.ts';
import type { HistoryOptions } from './history.ts';
import { createHubClient } from './hub-client.ts';
import { dropping, ending, failing, id, type Scene, startScriptedHub, streaming } from './testing/scripted-hub.ts';

const row = (position: number) => ({
  id: id(position),
  time: '2026-11-20T10:15:02Z',
  receivedAt: '2026-11-20T10:15:02Z',
  level: 'info',
  message: `line ${position}`,
});

const page = (positions: readonly number[], cursor: string | null, more = {}): Scene =>
  failing(200, { logs: positions.map(row), next_cursor: cursor, has_more: cursor !== null, ...more });

async function read(url: string, options: HistoryOptions = {}) {
  const pages: { messages: string[]; scannedTo: string | undefined }[] = [];
  for await (const { events, scannedTo } of createHubClient({ url }).history(options)) {
    pages.push({ messages: events.map(({ message }) => message), scannedTo });
  }
  return pages;
}

describe('history', () => {
  it('asks page after page with the same filters, an empty page that was out of time included', async () => {
    await using hub = await startScriptedHub(
      page([1, 2], 'a.1'),
      page([], 'a.2', { scanned_to: '2026-11-20T09:00:00Z' }),
      page([3], null),
    );
    const options = {
      app: ['shop', 'api'],
      from: '1h',
      order: 'asc',
      after: id(0),
      until: id(9),
      pageSize: 2,
    } as const;
    expect(await read(hub.url, options)).toEqual([
      { messages: ['line 1', 'line 2'], scannedTo: undefined },
      { messages: [], scannedTo: '2026-11-20T09:00:00Z' },
      { messages: ['line 3'], scannedTo: undefined },
    ]);
    const queries = hub.requests.map(({ query }) => Object.fromEntries(query));
    const given = { app: 'shop,api', from: '1h', order: 'asc', after: id(0), until: id(9), limit: '2' };
    expect(queries).toEqual([given, { ...given, cursor: 'a.1' }, { ...given, cursor: 'a.2' }]);
  });

  it('tries a later page again, and says so', async () => {
    await using hub = await startScriptedHub(
      page([1], 'a.1'),
      failing(503, { error: 'busy', code: 'store_unavailable' }),
      page([2], null),
    );
    const told: string[] = [];
    const pages = await read(hub.url, { onRetry: ({ message }) => told.push(message) });
    expect(pages.flatMap(({ messages }) => messages)).toEqual(['line 1', 'line 2']);
    expect(told).toEqual(['busy']);
  });

  it('does not try the first page again, nor one that is refused for good', async () => {
    await using busy = await startScriptedHub(failing(503, { error: 'busy', code: 'store_unavailable' }));
    await expect(read(busy.url)).rejects.toThrow('busy');
    expect(busy.requests).toHaveLength(1);
    await using closed = await startScriptedHub(page([1], 'a.1'), failing(401, { error: 'no', code: 'unauthorized' }));
    await expect(read(closed.url)).rejects.toThrow(HubError);
    expect(closed.requests).toHaveLength(2);
  });

  it.each([{ logs: 'x' }, { logs: [{ id: 'x' }] }, [1]])('refuses what is no page: %j', async (body) => {
    await using hub = await startScriptedHub(failing(200, body));
    await expect(read(hub.url)).rejects.toThrow('no page of history');
  });

  it('ends with the reason of its signal, also while it waits', async () => {
    await using hub = await startScriptedHub(page([1], 'a.1'), failing(503, 'page'));
    const controller = new AbortController();
    const reading = read(hub.url, { signal: controller.signal, onRetry: () => controller.abort(new Error('enough')) });
    await expect(reading).rejects.toThrow('enough');
  });
});

describe('head', () => {
  it('is the id with which a stream begins', async () => {
    await using hub = await startScriptedHub(streaming(`retry: 1000\nid: ${id(7)}\n\n`));
    expect(await createHubClient({ url: hub.url }).head()).toBe(id(7));
  });

  it('fails as any first connection does', async () => {
    await using hub = await startScriptedHub(failing(401, { error: 'no', code: 'unauthorized' }));
    await expect(createHubClient({ url: hub.url }).head()).rejects.toThrow(HubError);
  });

  it('asks again where a stream ends before it has begun', async () => {
    await using hub = await startScriptedHub(ending(), dropping(), streaming(`id: ${id(8)}\n\n`));
    expect(await createHubClient({ url: hub.url }).head()).toBe(id(8));
  });
});
