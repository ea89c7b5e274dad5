import { type ChatAnswer, type ChatEvent, type ChatQuestion, HubError } from '@flywatch/client';
import { expect, it } from 'vitest';
import { Conversation, type Turn } from './conversation.ts';

const ID = '0hod394fsfe-29b62';
const ANSWER: ChatAnswer = {
  response: 'All is well.',
  model: 'm',
  tools_called: [],
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  processing_time_ms: 1200,
  conversation_id: 'c-1',
};
const call: ChatEvent = {
  type: 'tool_call',
  id: '1',
  name: 'search_logs',
  arguments: { q: 'level:error', from: '1h' },
};
const result: ChatEvent = {
  type: 'tool_result',
  id: '1',
  name: 'search_logs',
  ok: true,
  result: `[10:15:00] ERR api: no  #${ID}`,
};
const text = (delta: string): ChatEvent => ({ type: 'text', delta });
const done: ChatEvent = { type: 'done', answer: ANSWER };

/** A conversation with somebody who says this, one list a question; a list without an end waits until it is stopped. */
function talk(...answers: readonly (readonly ChatEvent[] | Error)[]) {
  const asked: ChatQuestion[] = [];
  const ended: Turn['state'][] = [];
  async function* chat(question: ChatQuestion, { signal }: { signal?: AbortSignal | undefined } = {}) {
    const answer = answers[asked.push(question) - 1]!;
    if (answer instanceof Error) throw answer;
    for (const event of answer) yield [event];
    if (answer.at(-1)?.type === 'done') return;
    await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  }
  let nowMs = 0;
  const conversation = new Conversation({ chat, nowMs: () => nowMs++ * 100, onEnd: ({ state }) => ended.push(state) });
  return { conversation, asked, ended, last: () => conversation.getSnapshot().at(-1) };
}

it('an answer comes with what was looked up for it, and the next question follows it', async () => {
  const { conversation, asked, ended, last } = talk(
    [text('Let me see'), call, result, text('All is '), text('well.'), done],
    [done],
  );
  await conversation.ask('Well?', 'Well? And the view.');
  expect(last()).toMatchObject({ question: 'Well?', state: 'answered', text: 'All is well.', answer: ANSWER });
  expect(last()?.lookUps).toEqual([
    {
      ...{ id: '1', name: 'search_logs', detail: 'level:error from:1h', ok: true, lines: new Set([ID]) },
      ...{ startedMs: 100, tookMs: 100 },
    },
  ]);
  await conversation.ask('And now?', 'And now?');
  expect(asked).toEqual([
    { message: 'Well? And the view.', conversationId: undefined },
    { message: 'And now?', conversationId: 'c-1' },
  ]);
  expect(conversation.getSnapshot()).toHaveLength(2);
  expect(ended).toEqual(['answered', 'answered']);
});

it('an answer that is stopped keeps what has come, and one question is asked at a time', async () => {
  const { conversation, asked, ended, last } = talk([text('All is ')], [done]);
  const first = conversation.ask('Well?', 'Well?');
  await expect.poll(() => last()?.text).toBe('All is ');
  await conversation.ask('And?', 'And?');
  expect(asked).toHaveLength(1);
  conversation.stop();
  await first;
  expect(last()).toMatchObject({ state: 'stopped', text: 'All is ' });
  conversation.retry();
  await expect.poll(() => last()?.state).toBe('answered');
  expect(conversation.getSnapshot()).toHaveLength(1);
  expect(ended).toEqual(['stopped', 'answered']);
});

it('a question that fails says why, and is asked again in its place', async () => {
  const failure = new HubError('the model is busy', { status: 503, code: 'model_busy', url: 'http://hub/chat' });
  const { conversation, last } = talk(failure, [done]);
  await conversation.ask('Well?', 'Well?');
  expect(last()).toMatchObject({ state: 'failed', error: failure });
  conversation.retry();
  await expect.poll(() => last()?.state).toBe('answered');
});

it('where the hub has forgotten what was said, the question begins anew', async () => {
  const forgotten = new HubError('gone', { status: 404, code: 'unknown_conversation', url: 'http://hub/chat' });
  const { conversation, asked, last } = talk([done], forgotten, [done]);
  await conversation.ask('Well?', 'Well?');
  await conversation.ask('And?', 'And?');
  conversation.retry();
  await expect.poll(() => last()?.state).toBe('answered');
  expect(asked.map(({ conversationId }) => conversationId)).toEqual([undefined, 'c-1', undefined]);
});

it('a cleared conversation takes nothing more of the answer under way', async () => {
  const { conversation, ended } = talk([text('All is ')]);
  const asking = conversation.ask('Well?', 'Well?');
  conversation.clear();
  await asking;
  expect(conversation.getSnapshot()).toEqual([]);
  expect(ended).toEqual(['stopped']);
});
