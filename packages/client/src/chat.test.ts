import { expect, it } from 'vitest';
import type { ChatEvent, ChatQuestion } from './chat.ts';
import { HubError, HubUnreachableError } from './errors.ts';
import { createHubClient } from './hub-client.ts';
import { dropping, ending, failing, startScriptedHub, streaming } from './testing/scripted-hub.ts';

const block = (event: string, data: object) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const ANSWER = { response: 'All is well.', model: 'm', tools_called: [], usage: {}, conversation_id: 'c-1' };
const HELLO = block('text', { delta: 'All is ' });

/** What came, and how it ended. */
async function askAll(url: string, question: ChatQuestion = { message: 'Well?' }, signal?: AbortSignal) {
  const events: ChatEvent[] = [];
  try {
    for await (const some of createHubClient({ url }).chat(question, { signal })) events.push(...some);
    return { events, failure: undefined };
  } catch (failure) {
    return { events, failure };
  }
}

it('gives each event as it comes, the answer last, and leaves out what it does not know', async () => {
  const call = { id: '1', name: 'get_logs', arguments: { count: 5 } };
  const result = { id: '1', name: 'get_logs', ok: true, result: 'none' };
  await using hub = await startScriptedHub(
    ending(
      ': an answer is being made\n\n',
      block('tool_call', call),
      block('tool_result', result),
      block('mood', { is: 'good' }),
      HELLO,
      block('done', ANSWER),
    ),
  );
  const { events, failure } = await askAll(hub.url, { message: 'Well?', conversationId: 'c-0', model: 'acme/other' });
  expect(failure).toBeUndefined();
  expect(events).toEqual([
    { type: 'tool_call', ...call },
    { type: 'tool_result', ...result },
    { type: 'text', delta: 'All is ' },
    { type: 'done', answer: ANSWER },
  ]);
  const [request] = hub.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/chat', headers: { accept: 'text/event-stream' } });
  expect(JSON.parse(await request!.body)).toEqual({
    message: 'Well?',
    model: 'acme/other',
    conversation_id: 'c-0',
  });
});

it('fails in the hub’s words, before the stream and in it, after what was said until then', async () => {
  const refusal = { error: 'no model is configured', code: 'chat_not_configured', status: 503 };
  await using off = await startScriptedHub(failing(503, refusal));
  const { failure } = await askAll(off.url);
  expect(failure).toBeInstanceOf(HubError);
  expect(failure).toMatchObject({ message: refusal.error, code: refusal.code, status: 503 });
  await using late = await startScriptedHub(ending(HELLO, block('error', { ...refusal, code: 'model_failed' })));
  const answer = await askAll(late.url);
  expect(answer.events).toEqual([{ type: 'text', delta: 'All is ' }]);
  expect(answer.failure).toMatchObject({ code: 'model_failed', status: 503 });
});

it.each([
  ['ends without an answer', ending(HELLO)],
  ['loses its connection', dropping(HELLO)],
])('a stream that %s is no answer', async (_, scene) => {
  await using hub = await startScriptedHub(scene);
  const { events, failure } = await askAll(hub.url);
  expect(events).toHaveLength(1);
  expect(failure).toBeInstanceOf(HubUnreachableError);
});

it('the signal ends the question, and the hub sees that nobody waits', async () => {
  await using hub = await startScriptedHub(streaming(HELLO));
  const stop = new AbortController();
  const asked = askAll(hub.url, undefined, stop.signal);
  await expect.poll(() => hub.requests.length).toBe(1);
  stop.abort(new Error('enough'));
  expect((await asked).failure).toMatchObject({ message: 'enough' });
  await hub.requests[0]!.closed;
});
