/** docs/http.md against `/openapi.json` of a real hub, and every route that it describes, called. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH_TOKEN, bearer, INGEST_TOKEN, setupHub, type TestHub } from './hub.fixture.ts';
import { fencedBlocks, readDocument, section, tableRows } from './markdown.ts';

const page = readDocument('docs/http.md');

interface DescribedRoute {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly answers: readonly number[];
}

/** The sections `### \`GET /path\`` with their line `Access: … Answers: …`. */
const described: readonly DescribedRoute[] = [...page.matchAll(/^### `([A-Z]+) (\S+)`$/gm)].map(
  ([heading, method = '', path = '']) => {
    const facts = /Access: (open|read|write)\. Answers: ([\d, ]+)\./.exec(section(page, heading));
    if (facts === null) throw new Error(`${heading} has no line "Access: … Answers: …"`);
    return { method, path, access: facts[1]!, answers: facts[2]!.split(', ').map(Number) };
  },
);

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters?: readonly { readonly name: string }[];
}

let hub: TestHub;
let guarded: TestHub;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
  hub = await setupHub();
  guarded = await setupHub({ AUTH_TOKEN, INGEST_TOKEN });
  const api = (await (await fetch(`${hub.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  operations = new Map(
    Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
    ),
  );
});

afterAll(async () => {
  await Promise.all([hub.stop(), guarded.stop()]);
});

test('the page describes the routes of /openapi.json, all of them and in their order', () => {
  expect(described.map(({ method, path }) => `${method} ${path}`)).toEqual([...operations.keys()]);
});

test.each(described)('$method $path: access and answers are those of /openapi.json', ({ method, path, ...facts }) => {
  const { security, responses } = operations.get(`${method} ${path}`)!;
  const access = security.length === 0 ? 'open' : security.some((way) => 'session' in way) ? 'read' : 'write';
  // The page says once for all guarded routes that they answer 401 and 403.
  const answers = Object.keys(responses).map(Number);
  const own = access === 'open' ? answers : answers.filter((status) => status !== 401 && status !== 403);
  expect(facts).toEqual({ access, answers: own.sort((a, b) => a - b) });
});

test('the page names the parameters of live streams', () => {
  const named = tableRows(page, 'parameter').flatMap(([names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );
  const known = operations.get('GET /logs/ws')?.parameters?.map(({ name }) => name);
  expect(named.sort()).toEqual([...(known ?? [])].sort());
});

/** A request for each route, and the status with which it succeeds. */
const REQUESTS: Readonly<
  Record<string, { readonly status: number; readonly init?: RequestInit; readonly path?: string }>
> = {
  'POST /ingest/logs': { status: 200, init: { method: 'POST', body: 'a line' } },
  'POST /ingest/metrics': {
    status: 200,
    init: { method: 'POST', body: '{"vps_name":"vps-1","app_name":"shop","cpu_percent":1}' },
  },
  'POST /ingest/checks': {
    status: 200,
    init: { method: 'POST', body: '{"vps_name":"vps-1","app_name":"shop","url":"http://shop/","success":true}' },
  },
  'GET /logs/context': { status: 404, path: '/logs/context?id=00kq3v0x9f2-h7c2d' },
  'GET /api/logs/search': { status: 200, path: '/api/logs/search?query=declined' },
  'POST /snapshots': { status: 201, init: { method: 'POST' } },
  'GET /snapshots/{id}': { status: 404, path: '/snapshots/none' },
  // Without a key. test/live/chat.test.ts has the answers.
  'POST /chat': { status: 503, init: { method: 'POST', body: '{"message":"Are there errors?"}' } },
  'POST /agents': { status: 201, init: { method: 'POST' } },
  'DELETE /agents/{id}': { status: 404, path: '/agents/none', init: { method: 'DELETE' } },
  'GET /agent/{platform}': { status: 404, path: '/agent/linux-x86_64' },
  'POST /mcp': {
    status: 200,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    },
  },
  'POST /session': { status: 200, init: { method: 'POST', body: JSON.stringify({ token: AUTH_TOKEN }) } },
  'DELETE /session': { status: 204, init: { method: 'DELETE' } },
  'GET /': { status: 302, init: { redirect: 'manual' } },
  'GET /ui': { status: 302, init: { redirect: 'manual' } },
  'GET /ui/{file}': { status: 200, path: '/ui/index.html' },
  'GET /logs/ws': { status: 426 },
  'GET /metrics/ws': { status: 426 },
};

test.each(described)('$method $path answers as it says', async ({ method, path, access, answers }) => {
  const { status, init = {}, path: asked = path } = REQUESTS[`${method} ${path}`] ?? { status: 200 };
  expect(answers).toContain(status);
  expect(await statusOf(hub.url + asked, init)).toBe(status);

  // The same on a hub that is guarded: nobody, who only writes, who may do everything.
  const url = guarded.url + asked;
  expect(await statusOf(url, init), 'without a token').toBe(access === 'open' ? status : 401);
  expect(
    await statusOf(url, { ...init, headers: { ...init.headers, ...bearer(INGEST_TOKEN) } }),
    'with INGEST_TOKEN',
  ).toBe(access === 'read' ? 403 : status);
  expect(await statusOf(url, { ...init, headers: { ...init.headers, ...bearer(AUTH_TOKEN) } }), 'with AUTH_TOKEN').toBe(
    status,
  );
});

test('/openapi.json has the type of each answer', async () => {
  for (const { method, path } of described) {
    const { init = {}, path: asked = path } = REQUESTS[`${method} ${path}`] ?? {};
    const { status, type } = await headOf(hub.url + asked, init);
    const { content = {} } = operations.get(`${method} ${path}`)!.responses[status]!;
    const types = Object.keys(content);
    expect(type === undefined ? types.length === 0 : types.includes(type), `${method} ${path}: ${type}`).toBe(true);
  }
  const typeOf = async (path: string, headers = {}) => (await headOf(hub.url + path, { headers })).type;
  const known = (route: string) => Object.keys(operations.get(route)!.responses['200']!.content!);
  expect(known('GET /metrics')).toEqual([await typeOf('/metrics'), await typeOf('/metrics', { accept: 'text/plain' })]);
  expect(known('GET /logs/export')).toEqual(
    await Promise.all(['ndjson', 'json', 'csv'].map((format) => typeOf(`/logs/export?format=${format}`))),
  );
});

test('/openapi.json has a body where one is taken', () => {
  const taken = [...operations].flatMap(([route, { requestBody }]) => (requestBody === undefined ? [] : [route]));
  expect(taken).toEqual([
    'POST /ingest/logs',
    'POST /ingest/metrics',
    'POST /ingest/checks',
    'POST /agents',
    'POST /session',
  ]);
});

async function statusOf(url: string, init: RequestInit): Promise<number> {
  return (await headOf(url, init)).status;
}

/** Status and type of an answer, whose body may be without end. */
async function headOf(url: string, init: RequestInit): Promise<{ status: number; type: string | undefined }> {
  const abort = new AbortController();
  try {
    const { status, headers } = await fetch(url, { ...init, signal: abort.signal });
    return { status, type: headers.get('content-type')?.split(';', 1)[0] };
  } finally {
    abort.abort();
  }
}

/** Keys of the example in a route's section, and those that may be absent. */
const EXAMPLES: readonly (readonly [route: string, optional: readonly string[]])[] = [
  ['GET /health', []],
  ['GET /ready', []],
  ['GET /metrics', ['system', 'process']],
  ['GET /status', []],
  ['GET /logs/buffer/stats', []],
  ['GET /usage', []],
];

test.each(EXAMPLES)('the example of %s has the keys of the answer', async (route, optional) => {
  const block = fencedBlocks(section(page, `### \`${route}\``)).find(({ language }) => language === 'json');
  const example = JSON.parse(block?.text ?? '') as object;
  const answer = (await (await fetch(hub.url + route.split(' ')[1]!)).json()) as object;
  const wanted = Object.keys(example).filter((key) => key in answer || !optional.includes(key));
  expect(Object.keys(answer)).toEqual(wanted);
});

test('the example of POST /session has the keys of the answer', async () => {
  const block = fencedBlocks(section(page, '### `POST /session`'))[0];
  const response = await fetch(`${guarded.url}/session`, {
    method: 'POST',
    body: JSON.stringify({ token: AUTH_TOKEN }),
  });
  expect(Object.keys((await response.json()) as object)).toEqual(Object.keys(JSON.parse(block?.text ?? '')));
  expect(response.headers.get('set-cookie')).toMatch(/^flywatch_session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; /);
});

test('the example of POST /agents has the keys of the answer, and its token the form of one', async () => {
  const shown = JSON.parse(fencedBlocks(section(page, '### `POST /agents`'))[0]?.text ?? '') as Record<string, unknown>;
  const response = await fetch(`${hub.url}/agents`, { method: 'POST', body: '{"name":"vps-1"}' });
  const made = (await response.json()) as typeof shown;
  expect(Object.keys(made)).toEqual(Object.keys(shown));
  for (const { id, token } of [made, shown]) expect(token).toMatch(new RegExp(`^fwa_${String(id)}_[\\w-]{43}$`));
});

/** What stands in a text instead of what differs from run to run: ids and their parts in cursors, and the time of arrival. */
function asShown(text: string): string {
  return text
    .trim()
    .replaceAll('\r\n', '\n')
    .replace(/[0-9a-z]{11}-[0-9a-z]{5}/g, 'ID')
    .replace(/"d\.[^"]+"/, '"CURSOR"')
    .replace(/("receivedAt": ?|Z,)"?2\d{3}-[\d-]+T[\d:.]+Z"?/g, '$1RECEIVED');
}

/** Routes about the past whose examples are asked for as they stand, of the events that the page has. */
const PAST = ['history', 'histogram', 'facets', 'fields', 'context', 'export', 'levels', 'summary'].map(
  (name) => `/logs/${name}`,
);

test.each([...PAST, '/api/logs/recent'])('the example of %s is what the hub answers', async (path) => {
  await using own = await setupHub();
  const given = fencedBlocks(section(page, '## History')).find(({ language }) => language === 'sh')?.text ?? '';
  const [, parameters, body] = /ingest\/logs(\?\S+)" [^']*'([^']+)'/.exec(given) ?? [];
  const headers = { 'content-type': 'application/json' };
  const taken = await fetch(`${own.url}/ingest/logs${parameters}`, { method: 'POST', headers, body: body ?? '' });
  expect(await taken.json()).toEqual({ accepted: 3 });

  const [request, answer] = fencedBlocks(section(page, `### \`GET ${path}\``));
  let [, asked = ''] = /^curl "http:\/\/localhost:8080(\S+)"$/.exec(request?.text ?? '') ?? [];
  if (path === '/logs/context') {
    const { logs } = (await (await fetch(`${own.url}/logs/history?q=declined`)).json()) as { logs: { id: string }[] };
    asked = asked.replace(/id=[^&]+/, `id=${logs[0]?.id}`);
  }
  const text = await (await fetch(own.url + asked)).text();
  const compact = answer?.language === 'json' ? JSON.stringify(JSON.parse(answer.text)) : answer?.text;
  expect(asShown(text)).toBe(asShown(compact ?? ''));
});

test('the examples of search and of a snapshot have the keys of the answers', async () => {
  await fetch(`${hub.url}/ingest/logs?app=billing&instance=m1`, { method: 'POST', body: 'card declined status=402' });
  const shown = (route: string) =>
    JSON.parse(
      fencedBlocks(section(page, `### \`${route}\``)).find(({ language }) => language === 'json')?.text ?? '',
    ) as Record<string, unknown>;
  const found = (await (await fetch(`${hub.url}/api/logs/search?query=DECLINED`)).json()) as object[];
  expect(Object.keys(found[0]!)).toEqual(Object.keys((shown('GET /api/logs/search') as unknown as object[])[0]!));

  const example = shown('POST /snapshots');
  const taken = (await (await fetch(`${hub.url}/snapshots`, { method: 'POST' })).json()) as typeof example;
  expect(Object.keys(taken)).toEqual(Object.keys(example));
  expect(Object.keys(taken.logs as object)).toEqual(Object.keys(example.logs as object));
  expect(await (await fetch(`${hub.url}/snapshots/${String(taken.id)}`)).json()).toEqual(taken);
});

test('a batch that is sent twice is answered as the page says', async () => {
  const send = async () => {
    const headers = { 'batch-id': 'from the test of the page', 'content-type': 'application/x-ndjson' };
    return (await fetch(`${hub.url}/ingest/logs`, { method: 'POST', headers, body: 'one\n\ntwo\n' })).json();
  };
  expect(await send()).toEqual({ accepted: 2 });
  expect(await send()).toEqual({ accepted: 2, duplicate: true });
});

test('an SSE stream has the headers and the first block of the page, then events, and a gap for an id of another hub', async () => {
  await fetch(`${hub.url}/ingest/logs?app=shop`, { method: 'POST', body: 'seen by all' });
  const abort = new AbortController();
  const response = await fetch(`${hub.url}/logs/stream?format=flat&tail=1`, { signal: abort.signal });
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  });
  const [first = '', event = ''] = await blocks(response, 2);
  expect(first).toMatch(/^retry: 1000\nid: [0-9a-z]{11}-[0-9a-z]{5}$/);
  const [, id, data] = /^id: (\S+)\ndata: (.*)$/.exec(event) ?? [];
  const flat = JSON.parse(data ?? '') as Record<string, unknown>;
  expect(flat).toMatchObject({ id, app: 'shop', message: 'seen by all', level: 'info', fields: { _time: 'received' } });
  const keys = tableRows(section(page, '## Formats'), 'key').flatMap(([names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );
  expect(keys).toEqual(expect.arrayContaining(Object.keys(flat)));
  abort.abort();

  const elsewhere = '00kq3v0x9f2-h7c2d';
  const other = new AbortController();
  const resumed = await fetch(`${hub.url}/logs/stream`, {
    headers: { 'last-event-id': elsewhere },
    signal: other.signal,
  });
  const [, gap = ''] = await blocks(resumed, 2);
  const [, to, gapData] = /^event: gap\nid: (\S+)\ndata: (.*)$/.exec(gap) ?? [];
  expect(JSON.parse(gapData ?? '')).toEqual({ type: 'gap', from: elsewhere, to, count: null, reason: 'other_hub' });
  other.abort();
});

test('every format of the page is one that the hub knows, and the other way round', async () => {
  const formats = tableRows(section(page, '## Formats'), '`format`').map(([name = '']) => name.slice(1, -1));
  for (const format of formats) expect(await statusOf(`${hub.url}/logs/stream?format=${format}`, {})).toBe(200);
  const refused = (await (await fetch(`${hub.url}/logs/stream?format=none`)).json()) as { error: string };
  expect(refused.error).toContain(`one of ${formats.join(', ')}`);
});

test('/api/logs begins with a system event of four keys', async () => {
  const abort = new AbortController();
  const [, greeting = ''] = await blocks(await fetch(`${hub.url}/api/logs`, { signal: abort.signal }), 2);
  expect(JSON.parse(greeting.slice('data: '.length))).toEqual({
    message: expect.any(String),
    timestamp: expect.any(Number),
    type: 'system',
    persistent: false,
  });
  abort.abort();
});

test('a WebSocket carries events, cursors where they are asked for, and pongs', async () => {
  const webSocket = new WebSocket(`${hub.url.replace('http', 'ws')}/logs/ws?control=1&q=spoken`);
  const frames = textFrames(webSocket);
  await opened(webSocket);
  webSocket.send('{"type":"ping"}');
  expect(await frames.next()).toEqual({ type: 'pong' });
  await fetch(`${hub.url}/ingest/logs`, { method: 'POST', body: 'spoken' });
  expect(await frames.next()).toMatchObject({ message: 'spoken', log: { level: 'info' } });
  expect(await frames.next()).toEqual({ type: 'cursor', id: expect.stringMatching(/^[0-9a-z]{11}-[0-9a-z]{5}$/) });
  webSocket.close();
});

test('/metrics/ws sends a frame at once', async () => {
  const webSocket = new WebSocket(`${hub.url.replace('http', 'ws')}/metrics/ws`);
  const frame = await textFrames(webSocket).next();
  expect(frame).toMatchObject({ type: 'metrics', data: { uptime_seconds: expect.any(Number) } });
  webSocket.close();
});

test('a stopping hub tells SSE readers when to come again and closes WebSockets with 1012', async () => {
  const own = await setupHub();
  const response = await fetch(`${own.url}/logs/stream`);
  const webSocket = new WebSocket(`${own.url.replace('http', 'ws')}/logs/ws`);
  await opened(webSocket);
  const closed = new Promise<number>((resolve) => {
    webSocket.addEventListener('close', ({ code }) => resolve(code));
  });
  await own.stop();
  expect(await response.text()).toMatch(/retry: 2000\n\n$/);
  expect(await closed).toBe(1012);
});

/** The first blocks of an event stream. */
async function blocks(response: Response, count: number): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body!) {
    text += decoder.decode(piece, { stream: true });
    const found = text.split('\n\n');
    if (found.length > count) return found.slice(0, count);
  }
  throw new Error(`the stream ended after ${JSON.stringify(text)}`);
}

function opened(webSocket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.addEventListener('open', () => resolve());
    webSocket.addEventListener('error', () => reject(new Error('the WebSocket was refused')));
  });
}

/** Text frames as parsed JSON, one after the other. */
function textFrames(webSocket: WebSocket): { next(): Promise<unknown> } {
  const frames: unknown[] = [];
  let wake = () => {};
  webSocket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  return {
    async next() {
      while (frames.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return frames.shift();
    },
  };
}
