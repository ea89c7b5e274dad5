/** The gateway's protocol, as docs/logger.md has it, over real sockets. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { getLogger, type Logger, logHttp } from '@flywatch/logger';
import { type GatewayOptions, LogEmitter, LogFeed, LogGateway, type StructuredLog } from '@flywatch/logger/gateway';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

interface App extends AsyncDisposable {
  readonly port: number;
  readonly log: Logger;
  readonly feed: LogFeed;
  readonly gateway: LogGateway;
  readonly server: Server;
}

async function startApp(options: GatewayOptions = {}, feed = new LogFeed()): Promise<App> {
  const log = getLogger('api', { level: 'trace', callSite: false, destinations: [feed] });
  const server = createServer((_, response) => response.end('the app'));
  const gateway = new LogGateway(feed, options);
  gateway.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    log,
    feed,
    gateway,
    server,
    [Symbol.asyncDispose]: async () => {
      gateway.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

type Frame = Partial<StructuredLog> & {
  readonly id?: string;
  readonly type?: string;
  readonly count?: number | null;
  readonly reason?: string;
};

class Reader implements Disposable {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];

  constructor(app: App, query = '', headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${app.port}/logs${query}`, { headers });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
  }

  get messages(): (string | undefined)[] {
    return this.frames.map(({ message }) => message);
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}

async function open(app: App, query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const reader = new Reader(app, query, headers);
  await once(reader.socket, 'open');
  return reader;
}

/** Status and body of a handshake that is refused. */
async function refusal(app: App, query: string, headers: Record<string, string> = {}): Promise<[number, object]> {
  const socket = new WebSocket(`ws://127.0.0.1:${app.port}/logs${query}`, { headers });
  const [, response] = await once(socket, 'unexpected-response');
  return [response.statusCode, JSON.parse(await text(response)) as object];
}

test('a line is one text frame in the form of seed 004, with an id', async () => {
  await using app = await startApp({}, new LogFeed({ instance: 'm1', region: 'fra' }));
  using reader = await open(app);
  app.log.info('GET /api/users 200 12ms', { statusCode: 200 });
  app.log.named('db').fatal('gone', new Error('connection lost'));
  app.log.trace('detail');
  await expect.poll(() => reader.frames.length).toBe(3);
  expect(reader.frames[0]).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-1$/),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    level: 'info',
    source: 'api',
    message: 'GET /api/users 200 12ms',
    meta: { statusCode: 200, instance: 'm1', region: 'fra' },
  });
  const meta = { exception: { message: 'connection lost' }, instance: 'm1' };
  expect(reader.frames[1]).toMatchObject({ level: 'error', source: 'db', meta });
  expect(reader.frames[2]).toMatchObject({ level: 'debug', meta: { instance: 'm1', region: 'fra' } });
});

test('level is the lowest one, source a list; tail begins with the last lines that match', async () => {
  await using app = await startApp();
  for (const source of ['db', 'auth', 'ws']) {
    const log = app.log.named(source);
    log.info(`${source} info`);
    log.error(`${source} error`);
  }
  using reader = await open(app, '?level=warning&source=db,auth&tail=1&source=api&unknown=1');
  await expect.poll(() => reader.messages).toEqual(['auth error']);
  app.log.warn('api warn');
  app.log.info('api info');
  app.log.named('ws').error('ws error');
  app.log.named('db').error('db error');
  await expect.poll(() => reader.messages).toEqual(['auth error', 'api warn', 'db error']);
});

test('after goes on where a reader was, and says what it has missed', async () => {
  await using app = await startApp({}, new LogFeed({ history: 5 }));
  using first = await open(app);
  app.log.info('one');
  await expect.poll(() => first.frames.length).toBe(1);
  const { id } = first.frames[0]!;
  for (const message of ['two', 'three']) app.log.info(message);
  using second = await open(app, `?after=${id}&tail=5`);
  await expect.poll(() => second.messages).toEqual(['two', 'three']);
  for (let i = 4; i < 10; i++) app.log.info(`${i}`);
  using third = await open(app, `?after=${id}`);
  await expect.poll(() => third.frames.length).toBe(6);
  expect(third.frames[0]).toEqual({ type: 'gap', count: 3, reason: 'lagged' });
  expect(third.messages.slice(1)).toEqual(['5', '6', '7', '8', '9']);
  using other = await open(app, '?after=00000000-3');
  await expect.poll(() => other.frames.length).toBe(6);
  expect(other.frames[0]).toEqual({ type: 'gap', count: null, reason: 'restarted' });
});

test('parameters, token and origin are judged before the handshake, in the form of a hub’s errors', async () => {
  await using app = await startApp({ token: 'right' });
  const authorization = 'Bearer right';
  expect(await refusal(app, '')).toEqual([401, expect.objectContaining({ code: 'unauthorized', status: 401 })]);
  expect(await refusal(app, '', { authorization: 'Bearer wrong' })).toMatchObject([401, { code: 'unauthorized' }]);
  for (const query of ['?level=loud', '?tail=-1', '?tail=10001', '?after=x']) {
    const [status, body] = await refusal(app, query, { authorization });
    expect([status, body]).toEqual([400, expect.objectContaining({ code: 'bad_parameter', status: 400 })]);
  }
  // A token in the address is no token.
  expect(await refusal(app, '?token=right')).toMatchObject([401, {}]);
  using reader = await open(app, '', { authorization });
  expect(reader.socket.readyState).toBe(WebSocket.OPEN);
});

test('without a token a gateway is for its own machine, and not for what a proxy on it passes on', async () => {
  await using app = await startApp();
  using reader = await open(app);
  expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  expect(await refusal(app, '', { 'x-forwarded-for': '10.0.0.1' })).toMatchObject([401, {}]);
});

test('pages of other origins are refused; the app may decide by its own session', async () => {
  const authorize = ({ headers }: IncomingMessage) => headers.cookie === 'session=1';
  await using app = await startApp({ authorize, origins: ['https://admin.example.org'] });
  const cookie = 'session=1';
  expect(await refusal(app, '', {})).toMatchObject([401, {}]);
  const evil = { cookie, origin: 'https://evil.example.org' };
  expect(await refusal(app, '', evil)).toMatchObject([403, { code: 'forbidden_origin' }]);
  for (const origin of ['https://admin.example.org', `http://127.0.0.1:${app.port}`]) {
    using reader = await open(app, '', { cookie, origin });
    expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  }
});

test('a ping in JSON is answered, anything else is ignored, and too much of it ends the socket', async () => {
  await using app = await startApp();
  using reader = await open(app);
  reader.socket.send('what');
  reader.socket.send('{"type":"ping"}');
  await expect.poll(() => reader.frames).toEqual([{ type: 'pong' }]);
  reader.socket.send('x'.repeat(5_000));
  const [code] = await once(reader.socket, 'close');
  expect(code).toBe(1009);
});

test('a reader that stands still costs neither the app nor another reader anything, and is told its gap', async () => {
  await using app = await startApp();
  using slow = await open(app);
  using other = await open(app);
  slow.socket.pause();
  const lines = 20_000;
  for (let i = 0; i < lines; i++) {
    app.log.info(`line ${i} ${'x'.repeat(200)}`);
    if (i % 200 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await expect.poll(() => other.messages.at(-1)?.startsWith(`line ${lines - 1} `)).toBe(true);
  const before = slow.frames.length;
  slow.socket.resume();
  await expect.poll(() => slow.messages.at(-1)?.startsWith(`line ${lines - 1} `)).toBe(true);
  expect(before).toBeLessThan(lines);
  const missed = slow.frames.reduce((sum, { type, count }) => sum + (type === 'gap' ? count! : 0), 0);
  expect(missed).toBeGreaterThan(0);
  expect(slow.frames.filter(({ type }) => type === undefined).length + missed).toBe(lines);
});

test('the hundred and first reader is told to come again', async () => {
  await using app = await startApp();
  const readers = await Promise.all(Array.from({ length: 100 }, () => open(app)));
  expect(await refusal(app, '')).toMatchObject([503, { code: 'overloaded' }]);
  for (const reader of readers) reader[Symbol.dispose]();
  await expect.poll(() => app.gateway.readers).toBe(0);
});

test('when the app stops its readers are told to come again', async () => {
  await using app = await startApp();
  using reader = await open(app);
  app.gateway.close();
  const [code] = await once(reader.socket, 'close');
  expect(code).toBe(1012);
});

test('an upgrade that nobody takes is answered by the app, as it is without a gateway', async () => {
  await using app = await startApp();
  const socket = connect(app.port, '127.0.0.1');
  socket.write('GET /any HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*the app/);
});

test('the upgrades of others stay theirs', async () => {
  await using app = await startApp();
  app.server.on('upgrade', (request, socket) => {
    if (request.url === '/own') socket.end('HTTP/1.1 418 Own\r\n\r\n');
  });
  const socket = connect(app.port, '127.0.0.1');
  socket.write('GET /own HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 418 Own/);
});

test('a reader is one line in the log at its end, and so is one that was refused', async () => {
  await using app = await startApp({ token: 'right' });
  logHttp(app.server, app.log, { skip: ({ url }) => url === '/logs?tail=7' });
  const lines: StructuredLog[] = [];
  new LogEmitter(app.log, app.feed).onLog((line) => lines.push(line));
  await refusal(app, '?tail=3');
  await refusal(app, '?tail=7');
  using reader = await open(app, '', { authorization: 'Bearer right' });
  reader.socket.close();
  await expect.poll(() => lines.length).toBe(2);
  expect(lines[0]).toMatchObject({ level: 'warn', meta: { path: '/logs?tail=[redacted]', statusCode: 401 } });
  expect(lines[1]).toMatchObject({ level: 'info', meta: { path: '/logs', statusCode: 101, upgrade: 'websocket' } });
});

test('the emitter writes by source wherever its logger writes, and listeners come and go', async () => {
  await using app = await startApp();
  const emitter = new LogEmitter(app.log, app.feed);
  const heard: StructuredLog[] = [];
  const listener = (line: StructuredLog) => heard.push(line);
  emitter.onLog(listener);
  emitter.onLog(listener);
  emitter.info('db', 'slow query', { ms: 812 });
  emitter.emit({ level: 'error', source: 'auth', message: 'who is this?' });
  await expect.poll(() => heard.length).toBe(2);
  expect(heard[0]).toMatchObject({ level: 'info', source: 'db', message: 'slow query', meta: { ms: 812 } });
  expect(heard[1]).toMatchObject({ level: 'error', source: 'auth' });
  emitter.offLog(listener);
  emitter.warn('db', 'not heard');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toHaveLength(2);
});
