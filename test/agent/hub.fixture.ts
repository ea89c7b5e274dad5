/** What an agent sees of a hub: routes that take batches, each once, and that can be told to be away. */

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

export interface FakeHub extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** Rows by route, batches that came twice counted once. */
  readonly rows: { metrics: Record<string, unknown>[]; checks: Record<string, unknown>[] };
  /** Bodies of log batches, as text. */
  readonly logs: string[];
  /** Posts that came, taken or not. */
  posts: number;
  /** Status of answers while it is not 200. */
  status: number;
  /** Resolves when the condition holds, looked at after each post. */
  until(condition: (hub: FakeHub) => boolean): Promise<void>;
}

export async function startFakeHub(token = 'write-token'): Promise<FakeHub> {
  const seen = new Set<string>();
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    const answer = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    // A health check of the hub itself.
    if (request.method === 'GET') return void response.end('fine');
    hub.posts++;
    if (hub.status !== 200) answer(hub.status, { error: 'not now', code: 'overloaded', status: hub.status });
    else if (request.headers.authorization !== `Bearer ${token}`)
      answer(401, { error: 'no such token', code: 'unauthorized', status: 401 });
    else {
      const id = `${request.url} ${request.headers['batch-id']}`;
      if (!seen.has(id)) take(request.url!, body);
      seen.add(id);
      answer(200, { accepted: 1 });
    }
    for (const look of waiting) look();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const take = (url: string, body: string) => {
    if (url.startsWith('/ingest/logs')) hub.logs.push(body);
    if (url === '/ingest/metrics') hub.rows.metrics.push(...(JSON.parse(body) as Record<string, unknown>[]));
    if (url === '/ingest/checks') hub.rows.checks.push(...(JSON.parse(body) as Record<string, unknown>[]));
  };
  const hub: FakeHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    rows: { metrics: [], checks: [] },
    logs: [],
    posts: 0,
    status: 200,
    until: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition(hub)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return hub;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const encoding = request.headers['content-encoding'];
  return (encoding === 'zstd' ? zstdDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}
