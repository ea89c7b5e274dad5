import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryState, openHubState } from '../state/hub-state.ts';
import { AgentTokens } from './agent-tokens.ts';
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

test('a token of an agent is known by its spelling, names its agent, and only its digest is kept', async () => {
  const state = memoryState('aaaaa');
  const agents = new AgentTokens({ state, maxAgents: 2, useSaveIntervalMs: 1000 });
  const { agent, token } = await agents.enrol('vps-1');
  expect(token).toMatch(new RegExp(`^fwa_${agent.id}_[\\w-]{43}$`));
  expect(JSON.stringify(state.data)).not.toContain(token.slice(-43));
  expect([agents.admits(token), agents.admits(`${token}x`), agents.admits(token.slice(4))]).toEqual([
    true,
    false,
    false,
  ]);
  expect(JSON.stringify(agents.list())).not.toContain('hash');
});

test('tokens of agents survive a restart, and a revoked one does not come back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-auth-'));
  const start = async () =>
    new AgentTokens({
      state: await openHubState(join(folder, 'state.json'), () => {}),
      maxAgents: 5,
      useSaveIntervalMs: 1000,
    });
  try {
    const first = await start();
    const [kept, revoked] = [await first.enrol('vps-1'), await first.enrol(null)];
    expect(await first.revoke(revoked.agent.id)).toBe(true);
    expect([first.admits(kept.token), first.admits(revoked.token)]).toEqual([true, false]);
    const second = await start();
    expect([second.admits(kept.token), second.admits(revoked.token)]).toEqual([true, false]);
    expect(second.list()).toMatchObject([{ id: kept.agent.id, name: 'vps-1' }]);
    expect(await second.revoke(revoked.agent.id)).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('when a token was last used is told to the moment, and written once in a while', async () => {
  let nowMs = 0;
  let saves = 0;
  const state = { ...memoryState('aaaaa'), save: async () => void saves++ };
  const agents = new AgentTokens({ state, maxAgents: 2, useSaveIntervalMs: 1000, nowMs: () => nowMs });
  const { token } = await agents.enrol('vps-1');
  saves = 0;
  expect(agents.list()[0]!.lastUsedAtMs).toBe(null);
  for (nowMs = 1; nowMs < 3000; nowMs++) agents.admits(token);
  expect([agents.list()[0]!.lastUsedAtMs, saves]).toEqual([2999, 2]);
});

test('there are no more agents than the bound, and a place is free again when one is revoked', async () => {
  const agents = new AgentTokens({ state: memoryState('aaaaa'), maxAgents: 2, useSaveIntervalMs: 1000 });
  const [first] = await Promise.all([agents.enrol('a'), agents.enrol('b')]);
  await expect(agents.enrol('c')).rejects.toMatchObject({ code: 'too_many_agents', status: 409 });
  await agents.revoke(first.agent.id);
  await agents.enrol('c');
  expect(agents.list().map(({ name }) => name)).toEqual(['c', 'b']);
});

test('a token that cannot be written down is not handed out; one that is revoked is of no use even so', async () => {
  const state = memoryState('aaaaa');
  const agents = new AgentTokens({ state, maxAgents: 2, useSaveIntervalMs: 1000 });
  const { agent, token } = await agents.enrol('a');
  const failing = new AgentTokens({ state: { ...state, problem: 'read-only' }, maxAgents: 2, useSaveIntervalMs: 1000 });
  await expect(failing.enrol('b')).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(failing.list()).toHaveLength(1);
  await expect(failing.revoke(agent.id)).rejects.toThrow('good again after that');
  expect(failing.admits(token)).toBe(false);
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
