import { expect, test } from 'vitest';
import { memoryState } from '../state/hub-state.ts';
import { bearerToken, cookieValue, sameText } from './auth.ts';
import { Sessions } from './sessions.ts';
import { WrongTokens } from './wrong-tokens.ts';

test.each([
  ['Bearer abc', 'abc'],
  ['bearer   abc ', 'abc'],
  ['BEARER a b', 'a b'],
  ['Basic abc', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearerabc', undefined],
  [undefined, undefined],
])('the header %j carries the token %j', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

test('one cookie is found among several, and only under its whole name', () => {
  expect(cookieValue('a=1; flywatch_session=x=y; b=2', 'flywatch_session')).toBe('x=y');
  expect(cookieValue('xflywatch_session=1; flywatch_session2=2', 'flywatch_session')).toBeUndefined();
});

test('texts are equal or not, whatever their lengths', () => {
  expect([sameText('a', 'a'), sameText('a', 'b'), sameText('a', 'aa'), sameText('', 'a')]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('a session lasts its time, ends at sign-out, and only the newest are kept', async () => {
  let nowMs = 0;
  const state = memoryState('aaaaa');
  const options = { state, authToken: 't', lifetimeMs: 1000, maxSessions: 3, nowMs: () => nowMs };
  const sessions = new Sessions(options);
  const secrets: string[] = [];
  for (let i = 0; i < 5; i++) secrets.push((await sessions.open()).secret);
  expect(secrets.map((secret) => sessions.isValid(secret))).toEqual([false, false, true, true, true]);
  expect(JSON.stringify(state.data)).not.toContain(secrets[4]);
  await sessions.close(secrets[4]!);
  expect(sessions.isValid(secrets[4]!)).toBe(false);
  expect(new Sessions({ ...options, authToken: 'other' }).isValid(secrets[3]!)).toBe(false);
  nowMs = 1000;
  expect(sessions.isValid(secrets[3]!)).toBe(false);
});

test('the first nineteen wrong tokens of a minute cost nothing, each further one 50 ms more, up to a bound', () => {
  let nowMs = 0;
  const wrong = new WrongTokens({
    free: 19,
    delayMs: 50,
    maxDelayMs: 2000,
    windowMs: 60_000,
    maxAddresses: 2,
    nowMs: () => nowMs,
  });
  const delays = Array.from({ length: 100 }, () => wrong.count('a'));
  expect(delays.slice(0, 19).every((delay) => delay === 0)).toBe(true);
  expect(delays.slice(19, 22)).toEqual([50, 100, 150]);
  expect(delays.at(-1)).toBe(2000);
  expect(wrong.count('b')).toBe(0);
  nowMs = 60_000;
  expect(wrong.count('a')).toBe(0);
});
