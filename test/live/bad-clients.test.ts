/** Clients that speak HTTP and WebSocket badly, or half: each gets an answer in our form and an end, and leaves nothing behind. */

import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { exchange, parseAnswers } from '../fuzz/raw-http.ts';
import { clientFrame, handshake, ServerFrames } from '../fuzz/ws-wire.ts';
import { startTestHub } from '../support/test-hub.ts';

const TOKEN = { AUTH_TOKEN: 'right' };

async function ask(port: number, text: string) {
  const { received, ended } = await exchange(port, [text], { end: false, timeoutMs: 5000 });
  const [answer] = parseAnswers(received).answers;
  const body = answer?.headers.get('content-type')?.startsWith('application/json')
    ? (JSON.parse(answer.body.toString()) as { code?: string; status?: number; accepted?: number })
    : undefined;
  return { status: answer?.status, body, ended };
}

const refusals: [what: string, request: string, status: number, code: string][] = [
  ['a request without Host', 'GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
  ['CONNECT', 'CONNECT a:80 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'method_not_allowed'],
  ['a handshake without a key', handshake('/logs/ws', { 'Sec-WebSocket-Key': undefined }), 400, 'bad_request'],
  ['a handshake of another version', handshake('/logs/ws', { 'Sec-WebSocket-Version': '7' }), 400, 'bad_request'],
  ['a handshake by POST', handshake('/logs/ws').replace('GET', 'POST'), 400, 'bad_request'],
  ['what is no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
];

test.each(refusals)('%s is refused in our form, and the connection ends', async (_, request, status, code) => {
  await using hub = await startTestHub();
  const { body, ...answer } = await ask(hub.port, request);
  expect(answer).toEqual({ status, ended: 'closed' });
  expect(body).toMatchObject({ code, status });
});

test.each([
  ...refusals.slice(0, 5).map(([what, request]) => [what, request] as const),
  ['an Expect', 'GET /metrics HTTP/1.1\r\nHost: x\r\nExpect: x\r\n\r\n'] as const,
])('%s without a token is a 401', async (_, request) => {
  await using hub = await startTestHub(TOKEN);
  const { received } = await exchange(hub.port, [request]);
  expect(parseAnswers(received).answers.map(({ status }) => status)).toEqual([401]);
});

test('a path that cannot be read is refused with what was expected of it, and is not repeated in full', async () => {
  await using hub = await startTestHub();
  for (const name of ['%zz', '%ff', 'x'.repeat(5000)]) {
    const response = await fetch(`${hub.url}/api/vps/${name}/metrics`);
    const { error } = (await response.json()) as { error: string };
    expect(response.status).toBe(400);
    expect(error).toContain('expected names of at most 300 characters');
    expect(error.length).toBeLessThan(300);
  }
});

test('an Expect that nobody knows is ignored', async () => {
  await using hub = await startTestHub();
  const request = 'GET /health HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\nConnection: close\r\n\r\n';
  expect(await ask(hub.port, request)).toMatchObject({ status: 200 });
});

test.each(['nonsense', '/', 'a/b/c', ''])('a body of the type %j is lines', async (type) => {
  await using hub = await startTestHub();
  const head = `POST /ingest/logs HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: 3`;
  expect(await ask(hub.port, `${head}\r\n\r\na\nb`)).toMatchObject({ status: 200, body: { accepted: 2 } });
});

test('bodies that are abandoned are no faults of the hub', async () => {
  await using hub = await startTestHub();
  for (const path of ['/ingest/logs', '/session']) {
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`;
    await exchange(hub.port, [head, 'half'], { abort: true, pauseMs: 20 });
  }
  const health = 'GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
  expect(await ask(hub.port, health)).toMatchObject({ status: 200 });
  expect(hub.lines.filter((line) => line.includes('ERROR'))).toEqual([]);
});

test('a body over the limit is refused while it is being sent, and the answer arrives', async () => {
  await using hub = await startTestHub();
  const head = 'POST /ingest/logs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(0x100000, 'x'), Buffer.from('\r\n')]);
  const pieces = [head, ...Array.from({ length: 24 }, () => chunk)];
  const { received, ended } = await exchange(hub.port, pieces, { end: false, timeoutMs: 10_000 });
  const { answers } = parseAnswers(received);
  expect(ended).toBe('closed');
  expect(answers.map(({ status }) => status)).toEqual([413]);
});

test('a stream behind other requests begins when they are answered', async () => {
  await using hub = await startTestHub();
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
  const { received } = await exchange(hub.port, [get('/openapi.json') + get('/health') + get('/logs/stream')], {
    until: (bytes) => bytes.includes('\nid: '),
    timeoutMs: 5000,
  });
  const types = parseAnswers(received).answers.map(({ headers }) => headers.get('content-type'));
  expect(types.map((type) => type?.split(';')[0])).toEqual([
    'application/json',
    'application/json',
    'text/event-stream',
  ]);
});

test.each([
  ['a request', 'GET /logs/stream HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['a handshake', handshake('/logs/ws')],
  ['garbage', 'hello\r\n\r\n'],
])('%s behind a stream ends the connection, and nothing is written into the stream', async (_, behind) => {
  await using hub = await startTestHub();
  const stream = 'GET /logs/stream HTTP/1.1\r\nHost: x\r\n\r\n';
  const { received, ended } = await exchange(hub.port, [stream, behind], { end: false, pauseMs: 50, timeoutMs: 5000 });
  expect(ended).toBe('closed');
  expect(parseAnswers(received).answers).toHaveLength(1);
  expect(received.toString().match(/HTTP\/1.1/g)).toHaveLength(1);
});

test.each(['/logs/ws', '/metrics/ws'])('%s answers an application ping', async (path) => {
  await using hub = await startTestHub();
  const ping = clientFrame({ opcode: 1, payload: Buffer.from('{"type":"ping"}') });
  const { ended } = await exchange(hub.port, [handshake(path), ping], {
    until: (bytes) => bytes.includes('{"type":"pong"}'),
    timeoutMs: 5000,
  });
  expect(ended).toBe('enough');
});

test('a client that asks for pongs and reads none costs no memory', async () => {
  await using hub = await startTestHub();
  const socket = connect({ host: '127.0.0.1', port: hub.port });
  socket.on('error', () => {});
  socket.write(handshake('/logs/ws'));
  await new Promise((resolve) => socket.once('data', resolve));
  socket.pause();
  const ping = clientFrame({ opcode: 1, payload: Buffer.from('{"type":"ping"}') });
  const pings = Buffer.concat(Array.from({ length: 50_000 }, () => ping));
  const before = process.memoryUsage().rss;
  // 2 million pings, 34 MB of answers; the hub is in this process.
  for (let i = 0; i < 40; i++) {
    if (!socket.write(pings)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
  // It reads again, and is answered again.
  const frames = new ServerFrames();
  let pongs = 0;
  socket.on('data', (bytes: Buffer) => {
    pongs += frames.push(bytes).length;
  });
  socket.resume();
  await expect.poll(() => pongs).toBeGreaterThan(0);
  expect(frames.problem).toBeUndefined();
  socket.destroy();
});

test('nothing follows the close frame of a WebSocket', async () => {
  await using hub = await startTestHub({ DEMO_RATE: '5000' });
  const frames = new ServerFrames();
  const opcodes: number[] = [];
  const close = clientFrame({ opcode: 8, payload: Buffer.from([3, 232]) });
  const { received } = await exchange(hub.port, [handshake('/logs/ws'), close], { end: false, pauseMs: 300 });
  const sent = received.subarray(received.indexOf('\r\n\r\n') + 4);
  for (const { opcode } of frames.push(sent)) opcodes.push(opcode);
  expect(opcodes.length).toBeGreaterThan(1);
  expect(opcodes.indexOf(8)).toBe(opcodes.length - 1);
});
