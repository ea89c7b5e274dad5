/** docs/errors.md against the catalogue, and each error from outside, with its status and its body. */

import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ERRORS } from '@flywatch/hub';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScriptedModel, type Turn } from '../support/scripted-model.ts';
import { AUTH_TOKEN, bearer, INGEST_TOKEN, setupHub, type TestHub } from './hub.fixture.ts';
import { readDocument, tableRows } from './markdown.ts';

type Code = keyof typeof ERRORS;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

let open: TestHub;
let guarded: TestHub;

beforeAll(async () => {
  open = await setupHub();
  guarded = await setupHub({ AUTH_TOKEN, INGEST_TOKEN });
});

afterAll(async () => {
  await Promise.all([open.stop(), guarded.stop()]);
});

test('the page lists every code with its status and meaning, in the order of the code', () => {
  const expected = Object.entries(ERRORS).map(([code, { status, meaning }]) => [
    `\`${code}\``,
    String(status),
    meaning,
  ]);
  expect(tableRows(readDocument('docs/errors.md'), 'code')).toEqual(expected);
});

const question = '{"message":"Are there errors?"}';

/** The last answer of a hub whose model does as it is told. */
async function askModel(
  turns: readonly Turn[],
  { env = {}, body = question, times = 1 }: { env?: Record<string, string>; body?: string; times?: number } = {},
): Promise<Answer> {
  await using model = await startScriptedModel(turns);
  await using hub = await setupHub({ OPENROUTER_API_KEY: 'key', OPENROUTER_BASE_URL: model.url, ...env });
  for (let i = 1; i < times; i++) await ask(hub, '/chat', { method: 'POST', body });
  // Awaited here: the hub goes when this function ends.
  return await ask(hub, '/chat', { method: 'POST', body });
}

const json = { 'content-type': 'application/json' };

/** How to get each error. */
const PROVOKED: { readonly [C in Code]?: () => Promise<Answer> } = {
  bad_request: () => raw(open, 'this is no request\r\n\r\n'),
  bad_parameter: () => ask(open, '/logs/stream?tail=-1'),
  bad_filter: () => ask(open, '/logs/stream?q=/open'),
  bad_event_id: () => ask(open, '/logs/stream?after=17'),
  bad_json: () => ask(open, '/ingest/logs', { method: 'POST', headers: json, body: '{"message":' }),
  bad_row: () => ask(open, '/ingest/checks', { method: 'POST', body: '{"vps_name":"vps-1"}' }),
  unauthorized: () => ask(guarded, '/metrics'),
  forbidden: () => ask(guarded, '/metrics', { headers: bearer(INGEST_TOKEN) }),
  forbidden_origin: () =>
    raw(open, 'GET /metrics HTTP/1.1\r\nHost: hub\r\nOrigin: https://other.example\r\nCookie: a=b\r\n\r\n'),
  not_found: () => ask(open, '/nowhere'),
  unknown_event: () => ask(open, '/logs/context?id=00kq3v0x9f2-h7c2d'),
  unknown_snapshot: () => ask(open, '/snapshots/none'),
  unknown_conversation: () =>
    askModel([{ text: 'x' }], {
      body: '{"message":"And then?","conversation_id":"00000000-0000-4000-8000-000000000000"}',
    }),
  rate_limited: () => askModel([{ text: 'x' }], { env: { CHAT_QUESTIONS_PER_MINUTE: '1' }, times: 2 }),
  model_refused: () => askModel([{ status: 401 }]),
  model_unpaid: () => askModel([{ status: 402 }]),
  model_failed: () => askModel([{ status: 500 }]),
  model_busy: () => askModel([{ status: 429, headers: { 'retry-after': '30' } }]),
  model_timeout: () => askModel([{ silent: true }], { env: { CHAT_TIMEOUT_SECONDS: '1' } }),
  chat_limit: () => askModel([{ calls: [['get_logs', {}]] }], { env: { CHAT_MAX_ROUNDS: '2' } }),
  chat_not_configured: () => ask(open, '/chat', { method: 'POST', body: question }),
  unknown_agent: () => ask(open, '/agents/none', { method: 'DELETE' }),
  no_agent_file: () => ask(open, '/agent/linux-x86_64'),
  too_many_agents: enrolUntilRefused,
  method_not_allowed: () => ask(open, '/health', { method: 'PUT' }),
  too_large: () => raw(open, 'POST /ingest/logs HTTP/1.1\r\nHost: hub\r\nContent-Length: 16777217\r\n\r\n'),
  unsupported_encoding: () =>
    ask(open, '/ingest/logs', { method: 'POST', headers: { 'content-encoding': 'lzma' }, body: 'x' }),
  upgrade_required: () => ask(open, '/logs/ws'),
  headers_too_large: () => raw(open, `GET /health HTTP/1.1\r\nHost: hub\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`),
  overloaded: overload,
  store_unavailable: () => withoutFile('/logs/history'),
  shutting_down: upgradeWhileStopping,
};

/** What no caller can bring about within a test, and why. */
const NOT_PROVOKED: { readonly [C in Code]?: string } = {
  request_timeout: 'takes a request that does not end for a minute',
  internal: 'takes a fault of the hub',
};

test('every code is provoked below or has a reason why not', () => {
  expect([...Object.keys(PROVOKED), ...Object.keys(NOT_PROVOKED)].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(PROVOKED))('%s comes with its status and the body of all errors', async (code, provoke) => {
  const { status, headers, body } = await provoke();
  expect({ status, body }).toEqual({
    status: ERRORS[code as Code].status,
    body: { error: expect.stringMatching(/.{10,}/), code, status },
  });
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  if (['overloaded', 'store_unavailable', 'rate_limited', 'model_busy'].includes(code))
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  if (code === 'method_not_allowed') expect(headers.get('allow')).toBe('GET, HEAD');
  if (code === 'unauthorized') expect(headers.get('www-authenticate')).toBe('Bearer');
});

async function ask(hub: TestHub, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(hub.url + path, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends bytes as they are, and reads one answer. */
async function raw(hub: TestHub, request: string): Promise<Answer> {
  const socket = connect(hub.port, '127.0.0.1');
  socket.write(request);
  try {
    return await readAnswer(socket);
  } finally {
    socket.destroy();
  }
}

async function readAnswer(socket: AsyncIterable<Buffer>): Promise<Answer> {
  let text = '';
  for await (const piece of socket) {
    text += piece.toString('utf8');
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) continue;
    const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
    const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
    const body = text.slice(end + 4);
    if (Buffer.byteLength(body) < Number(headers.get('content-length'))) continue;
    return { status: Number(statusLine.split(' ')[1]), headers, body: JSON.parse(body) };
  }
  throw new Error(`the connection was closed after ${JSON.stringify(text)}`);
}

/** Nothing of it is on a disk here. */
async function enrolUntilRefused(): Promise<Answer> {
  for (;;) {
    const answer = await ask(open, '/agents', { method: 'POST' });
    if (answer.status !== 201) return answer;
  }
}

/** Two bodies that are announced and do not come hold all that may be read at once. */
async function overload(): Promise<Answer> {
  const announce = `POST /ingest/logs HTTP/1.1\r\nHost: hub\r\nContent-Length: ${16 * 1024 * 1024}\r\n\r\n{`;
  const holders = [1, 2].map(() => connect(open.port, '127.0.0.1'));
  try {
    for (const holder of holders) holder.write(announce);
    for (let attempt = 0; attempt < 100; attempt++) {
      const answer = await ask(open, '/ingest/logs', { method: 'POST', body: 'x' });
      if (answer.status !== 200) return answer;
    }
    throw new Error('the hub takes more bodies than it says');
  } finally {
    for (const holder of holders) holder.destroy();
  }
}

test.each(['/logs/histogram', '/logs/export', '/snapshots', '/snapshots/none'])(
  '%s answers store_unavailable too where the file cannot be opened',
  async (path) => {
    expect(await withoutFile(path)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  },
);

/** The answer of a hub whose store cannot be opened: there is a folder in its place. */
async function withoutFile(path: string): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-errors-'));
  const state = `${folder}.state.json`;
  try {
    await using hub = await setupHub({ PERSISTENCE_ENABLED: 'true', STORE_PATH: folder });
    expect(await ask(hub, '/ready')).toMatchObject({ status: 503, body: { store: { state: 'failing' } } });
    return await ask(hub, path);
  } finally {
    await rm(folder, { recursive: true });
    await rm(state, { force: true });
  }
}

/** A handshake that began before the hub was told to stop and ends after. */
async function upgradeWhileStopping(): Promise<Answer> {
  const hub = await setupHub();
  const socket = connect(hub.port, '127.0.0.1');
  try {
    socket.write('GET /logs/ws HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    // The head has to be under way when the hub stops: an idle connection would be closed at once.
    await ask(hub, '/health');
    const stopping = hub.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    const answer = await readAnswer(socket);
    await stopping;
    return answer;
  } finally {
    socket.destroy();
  }
}
