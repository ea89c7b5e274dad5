import { expect, test } from 'vitest';
import { FlyLogApi, type FlyLogApiBounds } from './fly-log-api.ts';
import { FlyLogApiError } from './fly-log-api-error.ts';
import { answering, cutting, type StoredLine, silent, startFlyLogServer } from './fly-log-server.fixture.ts';

const bounds: FlyLogApiBounds = {
  requestTimeoutMs: 300,
  maxAnswerBytes: 200_000,
  retryBaseMs: 1,
  retryMaxMs: 4,
  retryAfterMaxMs: 200,
  maxErrors: 10,
};

const START_MS = Date.UTC(2026, 10, 20, 10);
const START_NS = BigInt(START_MS) * 1_000_000n;
const HOUR = { fromMs: START_MS, toMs: START_MS + 3_600_000 };
const never = new AbortController().signal;

function lines(count: number, stepNs = 1_000_000n): StoredLine[] {
  return Array.from({ length: count }, (_, i) => ({ ns: START_NS + BigInt(i) * stepNs, message: `line ${i}` }));
}

async function read(url: string, { token = 'FlyV1 fm2_test', window = HOUR, signal = never, app = 'web' } = {}) {
  const api = new FlyLogApi({ baseUrl: url, token, bounds });
  const messages: string[] = [];
  let error: unknown;
  try {
    for await (const page of api.pages(app, window, signal)) messages.push(...page.map(({ message }) => message));
  } catch (thrown) {
    error = thrown;
  }
  return { messages, error, counters: api.counters };
}

test.each([true, false])(
  'all pages come, each line once, where a page begins with its start point: %s',
  async (startIsPartOfPage) => {
    await using server = await startFlyLogServer({ startIsPartOfPage });
    server.add('web', ...lines(457));
    const { messages, error } = await read(server.url);
    expect(error).toBeUndefined();
    expect(messages).toEqual(lines(457).map(({ message }) => message));
    expect(server.requests.length).toBeLessThanOrEqual(7);
  },
);

test.each([true, false])(
  'lines of one nanosecond on both sides of a page all come, where a page begins with its start point: %s',
  async (startIsPartOfPage) => {
    await using server = await startFlyLogServer({ startIsPartOfPage });
    const same = Array.from({ length: 30 }, () => ({ ns: START_NS + 95n, message: 'the same' }));
    server.add('web', ...lines(90, 1n), ...same, ...lines(5, 1n).map((line) => ({ ...line, ns: line.ns + 200n })));
    const { messages } = await read(server.url);
    expect(messages).toHaveLength(125);
    expect(messages.filter((message) => message === 'the same')).toHaveLength(30);
  },
);

test('only lines of the window come, its beginning included and its end not', async () => {
  await using server = await startFlyLogServer();
  server.add('web', ...lines(300, 1_000_000_000n));
  const window = { fromMs: START_MS + 100_000, toMs: START_MS + 102_000 };
  const { messages } = await read(server.url, { window });
  expect(messages).toEqual(['line 100', 'line 101']);
  expect(server.requests).toHaveLength(1);
});

test('a place that does not move ends the reading', async () => {
  await using server = await startFlyLogServer();
  let id = 0;
  server.always((_request, response) => {
    const data = [{ id: String(++id), attributes: { timestamp: '2026-11-20T10:00:01Z', message: 'again' } }];
    response.writeHead(200).end(JSON.stringify({ data, meta: { next_token: String(START_NS) } }));
    return true;
  });
  const { error } = await read(server.url);
  expect(error).toBeUndefined();
  expect(server.requests.length).toBeLessThan(4);
});

test('without a next_token the last line says where to go on', async () => {
  await using server = await startFlyLogServer();
  const data = [{ id: 'a', attributes: { timestamp: '2026-11-20T10:00:01Z', message: 'first' } }];
  server.trouble(answering(200, JSON.stringify({ data, meta: {} })));
  server.add('web', { ns: START_NS + 2_000_000_000n, message: 'second' });
  const { messages } = await read(server.url);
  expect(messages).toEqual(['first', 'second']);
  expect(server.requests[1]?.startNs).toBe(START_NS + 999_999_999n);
});

test.each([
  ['FlyV1 fm2_test', 'fm2_test', 1],
  ['FlyV1 fm2_test', ' FlyV1 fm2_test\n', 1],
  ['Bearer legacy', 'legacy', 1],
  ['Bearer fm2_test', 'fm2_test', 2],
  ['FlyV1 odd', 'Bearer odd', 2],
])('where the API wants %j, the token %j is taken after %d tries', async (wanted, token, tries) => {
  await using server = await startFlyLogServer({ token: wanted });
  server.add('web', ...lines(150));
  const { messages, error } = await read(server.url, { token });
  expect(error).toBeUndefined();
  expect(messages).toHaveLength(150);
  expect(server.requests.filter(({ startNs }) => startNs === START_NS - 1n)).toHaveLength(tries);
});

test('a refused token is said at once, with a remedy and without the token', async () => {
  await using server = await startFlyLogServer();
  server.add('web', ...lines(1));
  const { error } = await read(server.url, { token: 'fm2_secret' });
  expect(error).toBeInstanceOf(FlyLogApiError);
  expect(error).toMatchObject({ problem: 'refused', message: expect.stringMatching(/401.*truncated/) });
  expect(String(error)).not.toContain('secret');
  expect(server.requests).toHaveLength(2);
});

test('a token that no header can hold is said without a request', async () => {
  await using server = await startFlyLogServer();
  const { error } = await read(server.url, { token: 'fm2_sec\nret' });
  expect(error).toMatchObject({ problem: 'refused', message: expect.stringMatching(/line break/) });
  expect(String(error)).not.toContain('sec');
  expect(server.requests).toHaveLength(0);
});

test('an unknown app is said at once', async () => {
  await using server = await startFlyLogServer();
  const { error } = await read(server.url, { app: 'gone' });
  expect(error).toMatchObject({ problem: 'unknown_app', message: expect.stringContaining('gone') });
  expect(server.requests).toHaveLength(1);
});

test.each(['..', 'a/b', '', 'a?b=c', 'ünï'])('%j is no app and is not asked for', async (app) => {
  await using server = await startFlyLogServer();
  expect((await read(server.url, { app })).error).toMatchObject({ problem: 'unknown_app' });
  expect(server.requests).toHaveLength(0);
});

test('errors in between cost time and no line', async () => {
  await using server = await startFlyLogServer();
  server.add('web', ...lines(250));
  server.trouble(
    answering(500, 'oops'),
    cutting(),
    cutting('{"data":[{"id":"1",'),
    () => false,
    answering(200, '<html>a page for people</html>'),
    answering(200, '[]'),
    answering(200, '{"data":{}}'),
    answering(302, '', { location: '/sign-in' }),
    silent,
    answering(200, 'x'.repeat(300_000)),
  );
  const { messages, error, counters } = await read(server.url);
  expect(error).toBeUndefined();
  expect(messages).toEqual(lines(250).map(({ message }) => message));
  expect(counters).toMatchObject({ errors: 9, malformed: 3 });
});

test('ten errors in a row are the end, and the last of them is said', async () => {
  await using server = await startFlyLogServer();
  server.always(answering(502));
  const { error } = await read(server.url);
  expect(error).toMatchObject({ problem: 'unavailable', message: expect.stringContaining('status 502') });
  expect(server.requests).toHaveLength(10);
});

test('a server that is not there is an error like others', async () => {
  const server = await startFlyLogServer();
  await server[Symbol.asyncDispose]();
  const { error } = await read(server.url);
  expect(error).toMatchObject({ problem: 'unavailable', message: expect.stringContaining('ECONNREFUSED') });
});

test('Retry-After is waited for, up to a bound', async () => {
  await using server = await startFlyLogServer();
  server.add('web', ...lines(1));
  server.trouble(answering(429, '', { 'retry-after': '3600' }));
  const { messages } = await read(server.url);
  expect(messages).toEqual(['line 0']);
  const [first, second] = server.requests;
  expect(second!.atMs - first!.atMs).toBeGreaterThanOrEqual(190);
  expect(second!.atMs - first!.atMs).toBeLessThan(5000);
});

test('elements that are no lines are counted and passed over', async () => {
  await using server = await startFlyLogServer();
  const good = { id: 'a', attributes: { timestamp: '2026-11-20T10:00:01Z', message: 'good' } };
  const data = [null, 5, 'text', [], {}, { attributes: {} }, { attributes: { timestamp: 'soon', message: 'x' } }, good];
  server.add('web');
  server.trouble(answering(200, JSON.stringify({ data, meta: { next_token: String(START_NS + 1_000_000_000n) } })));
  const { messages, error, counters } = await read(server.url);
  expect(error).toBeUndefined();
  expect(messages).toEqual(['good']);
  expect(counters.malformed).toBe(7);
});

test('an abort ends a request that is under way, and a wait', async () => {
  await using server = await startFlyLogServer();
  for (const trouble of [silent, answering(429, '', { 'retry-after': '60' })]) {
    server.always(trouble);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const { error } = await read(server.url, { signal: stop.signal });
    expect(stop.signal.aborted).toBe(true);
    expect(error).toMatchObject({ name: 'AbortError' });
  }
});
