import { expect, test } from 'vitest';
import { judgeAnswer } from './judge-answer.ts';

const answer = (status: number, body = '{"error":"why"}', retryAfter?: string) => ({ status, body, retryAfter });
const NOW = Date.parse('2026-11-20T10:00:00Z');

test.each([
  [answer(200), { kind: 'taken' }],
  [answer(401), { kind: 'token', reason: '401: why' }],
  [answer(403), { kind: 'token', reason: '403: why' }],
  [answer(413), { kind: 'too_large' }],
  [answer(400), { kind: 'refused', reason: '400: why' }],
  [answer(415, ''), { kind: 'refused', reason: '415: no reason given' }],
  [answer(404), { kind: 'later', askedMs: 0, reason: '404: why' }],
  [answer(302, 'moved'), { kind: 'later', askedMs: 0, reason: '302: moved' }],
  [answer(503, '{"error":"busy"}', '5'), { kind: 'later', askedMs: 5_000, reason: '503: busy' }],
  [answer(429, 'x', 'Fri, 20 Nov 2026 10:00:30 GMT'), { kind: 'later', askedMs: 30_000, reason: '429: x' }],
  [answer(502, 'x', '86400'), { kind: 'later', askedMs: 300_000, reason: '502: x' }],
  [answer(500, 'x', 'soon'), { kind: 'later', askedMs: 0, reason: '500: x' }],
])('%j', (given, verdict) => {
  expect(judgeAnswer(given, NOW)).toEqual(verdict);
});
