import { expect, test } from 'vitest';
import { HUB_ANSWER_MAX_BYTES, judgeHubAnswer, readAnswerBody } from './hub-answer.ts';

const answer = (status: number, body = '{"error":"why"}', retryAfter?: string) => ({ status, body, retryAfter });
const NOW = Date.parse('2026-11-20T10:00:00Z');

test.each([
  [answer(200), { kind: 'taken' }],
  [answer(401), { kind: 'token', said: 'why' }],
  [answer(403), { kind: 'token', said: 'why' }],
  [answer(413), { kind: 'too_large', said: 'why' }],
  [answer(400), { kind: 'refused', said: 'why' }],
  [answer(415, ''), { kind: 'refused', said: 'no reason given' }],
  [answer(404), { kind: 'later', askedMs: 0, said: 'why' }],
  [answer(302, 'moved'), { kind: 'later', askedMs: 0, said: 'moved' }],
  [answer(503, '{"error":"busy"}', '5'), { kind: 'later', askedMs: 5_000, said: 'busy' }],
  [answer(429, 'x', 'Fri, 20 Nov 2026 10:00:30 GMT'), { kind: 'later', askedMs: 30_000, said: 'x' }],
  [answer(502, 'x', '86400'), { kind: 'later', askedMs: 300_000, said: 'x' }],
  [answer(500, 'x', 'soon'), { kind: 'later', askedMs: 0, said: 'x' }],
])('%j', (given, verdict) => {
  expect(judgeHubAnswer(given, NOW)).toEqual(verdict);
});

test('of a body its beginning is kept, and all of it is read', async () => {
  let pieces = 0;
  async function* page() {
    for (; pieces < 40; pieces++) yield new TextEncoder().encode('é'.repeat(1000));
  }
  const text = await readAnswerBody(page());
  expect([text.length, pieces]).toEqual([HUB_ANSWER_MAX_BYTES / 2, 40]);
  expect(new Set(text)).toEqual(new Set('é'));
});
