/** `POST /chat` with a whole hub and a model that does as it is told, over real HTTP. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Script, type ScriptedModel, startScriptedModel, type Turn } from '../support/scripted-model.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

const KEY = 'sk-or-v1-0123456789abcdef0123456789abcdef';
const open: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const { stop } of open.splice(0).reverse()) await stop();
});

interface Setup {
  readonly hub: TestHub;
  readonly model: ScriptedModel;
}

async function setup(script: readonly Turn[] | Script, env: Record<string, string> = {}): Promise<Setup> {
  const model = await startScriptedModel(script);
  open.push({ stop: () => model[Symbol.asyncDispose]() });
  const hub = await startTestHub({ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: model.url, ...env });
  open.push({ stop: () => hub[Symbol.asyncDispose]() });
  return { hub, model };
}

async function ingest(
  hub: TestHub,
  lines: readonly string[],
  query = 'app=shop&instance=m1&region=fra',
): Promise<void> {
  const response = await fetch(`${hub.url}/ingest/logs?${query}`, { method: 'POST', body: lines.join('\n') });
  expect(response.status).toBe(200);
}

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer, whose keys are what is tested
  readonly body: any;
}

async function ask(hub: TestHub, body: object | string = { message: 'Are there errors?' }): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${hub.url}/chat`, { method: 'POST', body: text });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

interface StreamEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly data: any;
}

async function stream(hub: TestHub, body: object = { message: 'Are there errors?' }): Promise<StreamEvent[]> {
  const response = await fetch(`${hub.url}/chat`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { accept: 'text/event-stream' },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  return parseEvents(await response.text());
}

function parseEvents(text: string): StreamEvent[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)\n\n/gm)].map(([, event, data]) => ({
    event: event!,
    data: JSON.parse(data!) as unknown,
  }));
}

const contents = (request: ScriptedModel['requests'][number]) =>
  request.body.messages.map(({ content }) =>
    typeof content === 'string' ? content : ((content ?? []) as { text: string }[]).map(({ text }) => text).join(''),
  );

test('an answer has the seeds’ shape, with the tools that were called and the usage of all rounds', async () => {
  const { hub, model } = await setup([
    { calls: [['get_logs', { count: 100 }]], usage: { prompt_tokens: 1000, completion_tokens: 20, cost: 0.001 } },
    { text: 'One error: connection refused.', usage: { prompt_tokens: 1200, completion_tokens: 30, cost: 0.002 } },
  ]);
  await ingest(hub, ['ERROR connection refused']);
  const { status, body } = await ask(hub, { message: 'Are there errors?', model: 'acme/model-1' });
  expect(status).toBe(200);
  expect(body).toEqual({
    response: 'One error: connection refused.',
    model: 'acme/model-1',
    tools_called: ['get_logs({"count":100})'],
    usage: { prompt_tokens: 2200, completion_tokens: 50, total_tokens: 2250 },
    cost: { total_cost_usd: expect.closeTo(0.003, 6) },
    processing_time_ms: expect.any(Number),
    conversation_id: expect.any(String),
  });
  expect(model.requests[0]!.path).toBe('/v1/chat/completions');
  expect(model.requests[0]!.headers.authorization).toBe(`Bearer ${KEY}`);
  expect(model.requests[0]!.body.model).toBe('acme/model-1');
  expect(model.requests[0]!.body.tools!.map((tool) => tool.function.name)).toEqual(
    expect.arrayContaining(['get_logs', 'get_metrics', 'search_logs', 'count_logs', 'get_log_context', 'get_patterns']),
  );
  expect(contents(model.requests[1]!).at(-1)).toContain('ERR  shop-m1 fra: ERROR connection refused');
  expect(await (await fetch(`${hub.url}/usage`)).json()).toMatchObject({
    total_requests: 1,
    failed_requests: 0,
    total_tokens: 2250,
    total_cost_usd: expect.closeTo(0.003, 6),
    requests_with_tools: 1,
  });
});

test('a stream tells text, calls and results as they happen, and ends with the whole answer', async () => {
  const { hub } = await setup([
    { text: 'I look.', calls: [['count_logs', { by: 'level' }]] },
    { text: 'Nothing is wrong.' },
  ]);
  await ingest(hub, ['INFO started']);
  const events = await stream(hub);
  const kinds = events.map(({ event }) => event).filter((kind, i, all) => kind !== all[i - 1]);
  expect(kinds).toEqual(['text', 'tool_call', 'tool_result', 'text', 'done']);
  const done = events.at(-1)!.data;
  const deltas = events.filter(({ event }) => event === 'text').map(({ data }) => data.delta);
  expect(deltas.length).toBeGreaterThan(3);
  expect(deltas.join('')).toBe(done.response);
  expect(done).toMatchObject({
    response: 'I look.\n\nNothing is wrong.',
    model: 'moonshotai/kimi-k2',
    tools_called: ['count_logs({"by":"level"})'],
    usage: { total_tokens: 240 },
  });
  expect(events.find(({ event }) => event === 'tool_call')!.data).toEqual({
    ...{ id: 'call_0_0', name: 'count_logs' },
    arguments: { by: 'level' },
  });
  expect(events.find(({ event }) => event === 'tool_result')!.data).toEqual({
    ...{ id: 'call_0_0', name: 'count_logs', ok: true },
    result: '1 lines in all. By level:\n"info": 1',
  });
});

test('where the provider says nothing of its usage, it is estimated and said so', async () => {
  const { hub } = await setup([{ text: 'Fine.', usage: null }]);
  const { body } = await ask(hub);
  expect(body.usage).toEqual({
    ...{ prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number), total_tokens: expect.any(Number) },
    estimated: true,
  });
  expect(body.usage.prompt_tokens).toBeGreaterThan(500);
  expect(body).not.toHaveProperty('cost');
});

/** Bodies that cannot be. */
const WRONG: readonly (readonly [name: string, body: string, code: string, status: number])[] = [
  ['no JSON', '{"message":', 'bad_json', 400],
  ['no object', '[1]', 'bad_request', 400],
  ['no message', '{}', 'bad_request', 400],
  ['an empty message', '{"message":" "}', 'bad_request', 400],
  ['a message that is no text', '{"message":5}', 'bad_request', 400],
  ['a model that is no name', '{"message":"x","model":"a b"}', 'bad_request', 400],
  ['messages that end with an answer', '{"messages":[{"role":"assistant","content":"x"}]}', 'bad_request', 400],
  ['a message of the system', '{"messages":[{"role":"system","content":"x"}]}', 'bad_request', 400],
  ['both', '{"message":"x","messages":[{"role":"user","content":"x"}]}', 'bad_request', 400],
  ['a message that is too long', JSON.stringify({ message: 'x'.repeat(16_001) }), 'bad_request', 400],
  ['a body that is too long', JSON.stringify({ message: 'x'.repeat(300_000) }), 'too_large', 413],
];

test('a body that cannot be is refused before the key is asked for', async () => {
  const { hub } = await setup([{ text: 'x' }], { OPENROUTER_API_KEY: '' });
  for (const [name, body, code, status] of WRONG)
    expect(await ask(hub, body), name).toMatchObject({ status, body: { code, status } });
  expect(await ask(hub)).toMatchObject({ status: 503, body: { code: 'chat_not_configured' } });
  expect((await ask(hub)).body.error).toContain('OPENROUTER_API_KEY');
});

const BODY = JSON.stringify({ error: { message: `inner words of the provider ${KEY}`, code: 401 } });

/** What goes wrong upstream, what the client is told, and how often the model is asked. */
const FAULTS: readonly (readonly [name: string, turn: Turn, code: string, status: number, requests: number])[] = [
  ['400', { status: 400, body: BODY }, 'model_failed', 502, 1],
  ['401', { status: 401, body: BODY }, 'model_refused', 502, 1],
  ['402', { status: 402, body: BODY }, 'model_unpaid', 502, 1],
  ['403', { status: 403, body: BODY }, 'model_refused', 502, 1],
  ['404', { status: 404, body: BODY }, 'model_failed', 502, 1],
  ['429', { status: 429, body: BODY }, 'model_busy', 503, 2],
  ['429 for a long time', { status: 429, body: BODY, headers: { 'retry-after': '60' } }, 'model_busy', 503, 1],
  ['500', { status: 500, body: BODY }, 'model_failed', 502, 2],
  ['503', { status: 503, body: BODY }, 'model_failed', 502, 2],
  [
    'a page in place of an answer',
    { raw: '<html>inner words</html>', contentType: 'text/html' },
    'model_failed',
    502,
    2,
  ],
  ['JSON that is cut', { raw: 'data: {"choices":[{"delta":\n\ndata: [DONE]\n\n' }, 'model_failed', 502, 2],
  ['an error in the stream', { raw: `data: ${BODY}\n\ndata: [DONE]\n\n` }, 'model_refused', 502, 1],
  ['an error without a code', { raw: `data: {"error":{"message":"${KEY}"}}\n\n` }, 'model_failed', 502, 2],
  ['a connection that is reset', { reset: true }, 'model_failed', 502, 2],
  ['a stream that is reset', { raw: ': wait\n\n', cut: true }, 'model_failed', 502, 2],
  ['an empty answer', { text: '' }, 'model_failed', 502, 2],
  ['blanks alone', { text: ' \n ' }, 'model_failed', 502, 2],
  ['an empty stream', { raw: '' }, 'model_failed', 502, 2],
  ['no answer', { silent: true }, 'model_timeout', 504, 1],
];

describe('faults of the provider', () => {
  let turns: Turn[] = [];
  let hub: TestHub;
  let model: ScriptedModel;

  beforeAll(async () => {
    model = await startScriptedModel(() => (turns.length > 1 ? turns.shift()! : turns[0]!));
    hub = await startTestHub({
      ...{ OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: model.url },
      ...{ CHAT_TIMEOUT_SECONDS: '2', CHAT_QUESTIONS_PER_MINUTE: '1000' },
    });
  });

  afterAll(async () => {
    await hub[Symbol.asyncDispose]();
    await model[Symbol.asyncDispose]();
  });

  test.each(FAULTS)(
    '%s: a clear error, without the provider’s words and the key',
    async (_name, turn, code, status, requests) => {
      turns = [turn];
      const before = model.requests.length;
      const whole = await ask(hub);
      expect(whole).toMatchObject({ status, body: { code, status, error: expect.stringMatching(/.{10,}/) } });
      expect(model.requests).toHaveLength(before + requests);
      const told = JSON.stringify([whole.body, hub.lines]);
      expect(told).not.toContain(KEY);
      expect(told).not.toContain('inner words');
    },
  );

  test.each(FAULTS)('%s after tools were called, streamed: the same', async (_name, turn, code, status) => {
    turns = [{ calls: [['get_metrics', {}]] }, turn];
    const events = await stream(hub);
    expect(events.map(({ event }) => event)).toEqual(['tool_call', 'tool_result', 'error']);
    expect(events.at(-1)!.data).toMatchObject({ code, status });
    expect(JSON.stringify([events, hub.lines])).not.toContain(KEY);
    expect(JSON.stringify([events, hub.lines])).not.toContain('inner words');
  });

  const passing = FAULTS.filter(([, , , , requests]) => requests === 2);
  test.each(passing)('%s once: the question is answered all the same', async (_name, turn) => {
    turns = [turn, { text: 'Fine.' }];
    expect(await ask(hub)).toMatchObject({ status: 200, body: { response: 'Fine.' } });
  });
});

test('a server that is not there is a clear error', async () => {
  const { hub } = await setup([{ text: 'x' }], { OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' });
  expect(await ask(hub)).toMatchObject({ status: 502, body: { code: 'model_failed' } });
});

test('a stream that breaks after some words is not begun again', async () => {
  const chunk = JSON.stringify({
    id: 'x',
    model: 'm',
    choices: [{ index: 0, delta: { role: 'assistant', content: 'It is' } }],
  });
  const { hub, model } = await setup([{ raw: `data: ${chunk}\n\n`, cut: true }]);
  const events = await stream(hub);
  expect(events.map(({ event }) => event)).toEqual(['text', 'error']);
  expect(events.at(-1)!.data.code).toBe('model_failed');
  expect(model.requests).toHaveLength(1);
});

test('the model is told what was wrong with a call, and goes on', async () => {
  const { hub, model } = await setup([
    {
      calls: [
        ['get_logs', '{"count":'],
        ['get_logs', '[1]'],
        ['delete_logs', {}],
        ['get_logs', { level: 'loud' }],
        ['search_logs', { query: '/open' }],
        ['get_log_context', { id: 'x' }],
        ['search_logs', { cursor: 'x' }],
      ],
    },
    { text: 'Fine.' },
  ]);
  const events = await stream(hub);
  const results = events.filter(({ event }) => event === 'tool_result').map(({ data }) => data);
  expect(results.map(({ ok }) => ok)).toEqual(results.map(() => false));
  const texts = results.map(({ result }) => result);
  // Arguments that do not parse are known as such at the end of the stream: the order is another.
  for (const pattern of [
    /no JSON object/,
    /no JSON object/,
    /there is no such tool; there are get_logs/,
    /level/,
    /closing/,
    /id of a line/,
    /cursor/,
  ])
    expect(texts).toContainEqual(expect.stringMatching(pattern));
  expect(contents(model.requests[1]!).slice(-7)).toHaveLength(7);
  expect(events.at(-1)).toMatchObject({ event: 'done', data: { response: 'Fine.' } });
});

test('what is clearly meant is understood', async () => {
  const { hub } = await setup([
    {
      calls: [
        ['get_logs', { count: '3', app: null }],
        ['get_logs', { count: 9999 }],
        ['get_logs', { level: 'warning' }],
      ],
    },
    { text: 'Fine.' },
  ]);
  await ingest(hub, ['ERROR one']);
  const results = (await stream(hub)).filter(({ event }) => event === 'tool_result');
  for (const { data } of results)
    expect(data).toMatchObject({ ok: true, result: expect.stringContaining('ERROR one') });
});

test('a model that calls tools without end is asked to answer, and then told off', async () => {
  const answers: Script = (request) =>
    request.body.tool_choice === 'none' ? { text: 'That is all I know.' } : { calls: [['get_metrics', {}]] };
  const { hub, model } = await setup(answers, { CHAT_MAX_ROUNDS: '4' });
  const { body } = await ask(hub);
  expect(body.response).toBe('That is all I know.');
  expect(body.tools_called).toHaveLength(3);
  expect(model.requests).toHaveLength(4);
  // The same call again is not answered again.
  expect(contents(model.requests[2]!).at(-1)).toContain('You have asked this before');

  const talking = await setup([{ text: 'I look once more.', calls: [['get_metrics', {}]] }], { CHAT_MAX_ROUNDS: '2' });
  expect((await ask(talking.hub)).body).toMatchObject({ tools_called: [expect.any(String)] });

  const stubborn = await setup([{ calls: [['get_metrics', {}]] }], { CHAT_MAX_ROUNDS: '3' });
  expect(await ask(stubborn.hub)).toMatchObject({ status: 502, body: { code: 'chat_limit' } });
  expect(stubborn.model.requests).toHaveLength(3);
});

test('by default a question takes ten requests at most', async () => {
  const { hub, model } = await setup([{ calls: [['get_metrics', {}]] }]);
  expect(await ask(hub)).toMatchObject({ body: { code: 'chat_limit' } });
  expect(model.requests).toHaveLength(10);
});

test('tokens and money are bounds too', async () => {
  const dear = await setup([
    { calls: [['get_metrics', {}]], usage: { prompt_tokens: 100, completion_tokens: 1, cost: 0.3 } },
  ]);
  expect(await ask(dear.hub)).toMatchObject({
    status: 502,
    body: { code: 'chat_limit', error: expect.stringContaining('CHAT_MAX_COST_USD') },
  });
  expect(dear.model.requests).toHaveLength(2);
  expect(dear.model.requests[1]!.body.tool_choice).toBe('none');
  expect(await (await fetch(`${dear.hub.url}/usage`)).json()).toMatchObject({
    total_cost_usd: 0.6,
    failed_requests: 1,
  });

  const long = await setup(
    [{ calls: [['get_metrics', {}]], usage: { prompt_tokens: 60_000, completion_tokens: 100 } }],
    { CHAT_MAX_TOKENS: '100000' },
  );
  expect(await ask(long.hub)).toMatchObject({ status: 502, body: { code: 'chat_limit' } });
  expect(long.model.requests.length).toBeLessThanOrEqual(3);

  const tiny = await setup([{ text: 'x' }], { CHAT_MAX_TOKENS: '100' });
  expect(await ask(tiny.hub)).toMatchObject({
    status: 502,
    body: { code: 'chat_limit', error: expect.stringContaining('CHAT_MAX_TOKENS') },
  });
  expect(tiny.model.requests).toHaveLength(0);
});

test('an answer without end is cut', async () => {
  const { hub } = await setup([{ text: 'word '.repeat(20_000) }]);
  const events = await stream(hub);
  expect(events.at(-1)).toMatchObject({ event: 'error', data: { code: 'model_failed' } });
});

test('a conversation goes on by its id, or by what the client tells of it', async () => {
  const { hub, model } = await setup((_request, index) => ({ text: `Answer ${index}.` }));
  const first = await ask(hub, { message: 'First?' });
  const second = await ask(hub, { message: 'Second?', conversation_id: first.body.conversation_id });
  expect(second.body.conversation_id).toBe(first.body.conversation_id);
  const [, ...said] = contents(model.requests[1]!);
  expect(said).toEqual(['First?', 'Answer 0.', expect.stringMatching(/## Current State[\s\S]*## Question\nSecond\?$/)]);

  await ask(hub, {
    messages: [
      { role: 'user', content: 'Own?' },
      { role: 'assistant', content: 'Own answer.' },
      { role: 'user', content: 'And?' },
    ],
  });
  expect(contents(model.requests[2]!).slice(1)).toEqual([
    'Own?',
    'Own answer.',
    expect.stringMatching(/## Question\nAnd\?$/),
  ]);
  expect(await ask(hub, { message: 'x', conversation_id: 'gone' })).toMatchObject({
    status: 404,
    body: { code: 'unknown_conversation' },
  });
});

test('when the client leaves, the request to the model ends', async () => {
  const { hub, model } = await setup([{ text: 'word '.repeat(1000), delayMs: 20 }]);
  for (const accept of ['application/json', 'text/event-stream']) {
    const before = model.requests.length;
    const abort = new AbortController();
    const asked = fetch(`${hub.url}/chat`, {
      ...{ method: 'POST', body: '{"message":"x"}', headers: { accept }, signal: abort.signal },
    }).then((response) => response.text());
    await model.received(before + 1);
    abort.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => model.abandoned).toBe(before + 1);
  }
  expect(await (await fetch(`${hub.url}/usage`)).json()).toMatchObject({ failed_requests: 2 });
  expect(hub.lines.join('')).not.toMatch(/ERROR|a request failed/);
});

test('a hub that stops ends the questions under way', async () => {
  const { hub, model } = await setup([{ text: 'word '.repeat(1000), delayMs: 20 }]);
  const asked = stream(hub);
  await model.received(1);
  await hub.stop();
  expect((await asked).at(-1)).toMatchObject({ event: 'error', data: { code: 'shutting_down' } });
});

test('a client that asks too often has to wait', async () => {
  const { hub, model } = await setup([{ text: 'Fine.' }]);
  for (let i = 0; i < 30; i++) expect((await ask(hub)).status).toBe(200);
  const refused = await ask(hub);
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(model.requests).toHaveLength(30);
});

test('as many questions as the hub takes are answered at once', async () => {
  const { hub, model } = await setup([{ text: 'word '.repeat(40), delayMs: 20 }]);
  const asked = Array.from({ length: 8 }, () => ask(hub));
  await model.received(8);
  expect(await ask(hub)).toMatchObject({ status: 503, body: { code: 'overloaded' } });
  for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
});

test('e-mail addresses are masked if asked, and nothing is where masking is off', async () => {
  const line = 'ERROR mail to ada@example.com failed password=hunter2';
  for (const [CHAT_REDACT, shown, hidden] of [
    ['true', ['ada@example.com'], ['hunter2']],
    ['email', [], ['hunter2', 'ada@example.com']],
    ['false', ['ada@example.com', 'hunter2'], []],
  ] as const) {
    const { hub, model } = await setup([{ calls: [['get_logs', {}]] }, { text: 'Fine.' }], { CHAT_REDACT });
    await ingest(hub, [line]);
    await ask(hub, { message: `What about ${line}?` });
    const left = model.requests.map(({ text }) => text).join('');
    for (const text of shown) expect(left).toContain(text);
    for (const text of hidden) expect(left).not.toContain(text);
  }
});
