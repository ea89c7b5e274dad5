/** The line of a request, below every framework: plain `node:http`, over real connections. */

import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { addToContext, getLogger, type HttpLogOptions, type Logger, logHttp } from '@flywatch/logger';
import { expect, test } from 'vitest';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

interface App extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly lines: readonly Line[];
  readonly log: Logger;
  readonly server: Server;
}

async function startApp(answer: (log: Logger) => RequestListener, options?: HttpLogOptions): Promise<App> {
  const lines: Line[] = [];
  const log = getLogger('api', { destinations: [{ write: ({ line }) => lines.push(JSON.parse(line) as Line) }] });
  const server = createServer(answer(log));
  logHttp(server, log, options);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    lines,
    log,
    server,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

test.each([
  [200, 'INFO'],
  [302, 'INFO'],
  [404, 'WARNING'],
  [429, 'WARNING'],
  [500, 'ERROR'],
  [503, 'ERROR'],
])('status %d is %s', async (status, level) => {
  await using app = await startApp(() => (_, response) => response.writeHead(status).end());
  await fetch(`${app.url}/api/users?email=a@b.c&page=2&flag`, { redirect: 'manual' });
  await expect.poll(() => app.lines.length).toBe(1);
  const path = '/api/users?email=[redacted]&page=[redacted]&[redacted]';
  expect(app.lines[0]).toMatchObject({
    level,
    message: expect.stringMatching(new RegExp(`^GET .* ${status} \\d+ms$`)),
    context: { method: 'GET', path, statusCode: status, duration: expect.any(Number), userId: 'anon' },
  });
});

test('the id of a request is that of its header, or a new one, and is in all of its lines', async () => {
  await using app = await startApp((log) => async (request, response) => {
    await text(request);
    addToContext({ tenant: 'blue' });
    setTimeout(() => {
      log.info('in between');
      response.end();
    }, 5);
  });
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await fetch(app.url, { method: 'POST', body: 'x', headers: { 'x-request-id': 'r-17', traceparent } });
  await fetch(app.url, { headers: { 'x-request-id': 'not "an" id' } });
  await expect.poll(() => app.lines.length).toBe(4);
  const ids = {
    requestId: 'r-17',
    tenant: 'blue',
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    span_id: '00f067aa0ba902b7',
  };
  expect(app.lines[0]).toMatchObject({ message: 'in between', context: ids });
  expect(app.lines[1]).toMatchObject({ message: expect.stringContaining('POST'), context: ids });
  const [, , third, fourth] = app.lines;
  expect(third!.context.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(fourth!.context.requestId).toBe(third!.context.requestId);
});

test('requests over one kept connection do not see each other’s context', async () => {
  await using app = await startApp(() => (request, response) => {
    if (request.url === '/first') addToContext({ tenant: 'blue', userId: 'ann' });
    response.end('x');
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const path of ['/first', '/second']) {
    const [response] = (await once(get(`${app.url}${path}`, { agent }), 'response')) as [IncomingMessage];
    await text(response);
  }
  agent.destroy();
  await expect.poll(() => app.lines.length).toBe(2);
  const [first, second] = app.lines.map(({ context }) => context);
  expect(first).toMatchObject({ path: '/first', tenant: 'blue', userId: 'ann' });
  expect(second).toMatchObject({ path: '/second', userId: 'anon' });
  expect(second).not.toHaveProperty('tenant');
});

test('a client that goes away is logged, with 499 where it had no answer yet', async () => {
  await using app = await startApp(() => (request, response) => {
    if (request.url === '/stream') response.write('a beginning');
  });
  for (const path of ['/never', '/stream']) {
    const socket = connect(app.port, '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    if (path === '/stream') await once(socket, 'data');
    else await once(app.server, 'request');
    socket.destroy();
  }
  await expect.poll(() => app.lines.length).toBe(2);
  expect(app.lines[0]).toMatchObject({ level: 'WARNING', context: { statusCode: 499, aborted: true } });
  expect(app.lines[1]).toMatchObject({ level: 'WARNING', context: { statusCode: 200, aborted: true } });
});

test('a stream is one line, at its end', async () => {
  await using app = await startApp(() => (_, response) => {
    response.write('data: 1\n\n');
    setTimeout(() => response.end('data: 2\n\n'), 120);
  });
  const response = await fetch(app.url);
  expect(app.lines).toEqual([]);
  await response.text();
  await expect.poll(() => app.lines.length).toBe(1);
  expect(app.lines[0]!.context.duration).toBeGreaterThanOrEqual(100);
});

test('watched twice, a request is still one line', async () => {
  await using app = await startApp(() => (_, response) => response.end());
  logHttp(app.server, app.log);
  await fetch(app.url);
  await fetch(app.url);
  await expect.poll(() => app.lines.length).toBe(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(app.lines).toHaveLength(2);
});

test('who asked, what is skipped and what is shown is for the app to say, and its mistakes hurt nobody', async () => {
  const options: HttpLogOptions = {
    query: 'none',
    skip: ({ url }) => url === '/health',
    userId: (request) => (request as { headers: Record<string, string> }).headers['x-user']!.toUpperCase(),
  };
  await using app = await startApp(() => (_, response) => response.end(), options);
  await fetch(`${app.url}/health`);
  await fetch(`${app.url}/a?b=c`, { headers: { 'x-user': 'ann' } });
  await fetch(`${app.url}/b`);
  await expect.poll(() => app.lines.length).toBe(2);
  expect(app.lines[0]!.context).toMatchObject({ path: '/a', userId: 'ANN' });
  expect(app.lines[1]!.context).toMatchObject({ path: '/b', userId: 'anon' });
});
