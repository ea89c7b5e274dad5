import { expect, test } from 'vitest';
import { cpuMsOf } from '../../../../test/support/cpu-time.ts';
import type { Observation } from './check.ts';
import { parseCondition } from './condition.ts';

const OBSERVATION: Observation = {
  connected: true,
  phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 4, totalMs: 250.4 },
  statusCode: 200,
  body: '{"status":"UP","n":3,"ok":true,"none":null,"items":[{"id":7},{"id":8}],"a.b":1,"version":"1.10"}',
  bodyCut: false,
  address: '127.0.0.1',
  certificateMs: 20.5 * 86_400_000,
  error: undefined,
};

test.each([
  '[STATUS] == 200',
  '[STATUS]==200',
  '[STATUS] != 500',
  '[STATUS] < 300',
  '[STATUS] >= 200',
  '[STATUS] == any(200, 204)',
  '[CONNECTED] == true',
  '[IP] == 127.0.0.1',
  '[RESPONSE_TIME] < 300',
  '[RESPONSE_TIME] < 300ms',
  '[RESPONSE_TIME] <= 1s',
  '[CERTIFICATE_DAYS] > 14',
  '[CERTIFICATE_DAYS] == 20',
  '[CERTIFICATE_EXPIRATION] > 48h',
  '[BODY].status == UP',
  '[BODY].status == "UP"',
  '[BODY].n == 3',
  '[BODY].n > 2',
  '[BODY].ok == true',
  '[BODY].none == null',
  '[BODY].items[1].id == 8',
  '[BODY]["a.b"] == 1',
  '[BODY].status == pat(U*)',
  '[BODY] == pat(*"status":"UP"*)',
  '[BODY].items == [{"id":7},{"id":8}]',
  'len([BODY].items) == 2',
  'len([BODY].status) >= 2',
  'has([BODY].none)',
  'has([BODY].missing) == false',
  '[BODY].version == 1.10',
])('%s holds', (text) => {
  expect(parseCondition(text).judge(OBSERVATION)).toBeUndefined();
});

test.each([
  ['[STATUS] == 500', '[STATUS] (200) == 500'],
  ['[STATUS] == any(500, 503)', '[STATUS] (200) == any(500, 503)'],
  ['[RESPONSE_TIME] < 100ms', '[RESPONSE_TIME] (250) < 100ms'],
  ['[CERTIFICATE_DAYS] > 30', '[CERTIFICATE_DAYS] (20) > 30'],
  ['[BODY].status == DOWN', '[BODY].status (UP) == DOWN'],
  ['[BODY].missing == x', '[BODY].missing (missing) == x'],
  ['[BODY].missing < 5', '[BODY].missing (missing) < 5'],
  ['[BODY].status > 5', '[BODY].status (UP) > 5'],
  ['len([BODY].items) > 2', 'len([BODY].items) (2) > 2'],
  ['has([BODY].missing)', 'has([BODY].missing) (false)'],
  ['[BODY].version == 1.1', '[BODY].version (1.10) == 1.1'],
  ['[BODY].status == pat(*x*)', '[BODY].status (UP) == pat(*x*)'],
])('%s does not, and says: %s', (text, said) => {
  expect(parseCondition(text).judge(OBSERVATION)).toBe(said);
});

test.each([
  ['aXbXc', 'a*b*c', true],
  ['abc', 'a*b*c', true],
  ['aba', 'ab*ba', false],
  ['a', 'a*a', false],
  ['', '*', true],
  ['x(y', 'x(*', true],
])('%j against pat(%s): %s', (body, pattern, holds) => {
  const said = parseCondition(`[BODY] == pat(${pattern})`).judge({ ...OBSERVATION, body });
  expect(said === undefined).toBe(holds);
});

test('a pattern of many stars takes linear time', () => {
  const judge = parseCondition(`[BODY] == pat(${'a*'.repeat(60)}b)`).judge;
  const body = 'a'.repeat(1_000_000);
  expect(cpuMsOf(() => judge({ ...OBSERVATION, body }))).toBeLessThan(500);
});

test('without an answer nothing holds but what is about its absence', () => {
  const nothing = {
    ...OBSERVATION,
    connected: false,
    statusCode: undefined,
    body: undefined,
    certificateMs: undefined,
  };
  expect(parseCondition('[STATUS] == 200').judge(nothing)).toBe('[STATUS] (missing) == 200');
  expect(parseCondition('[BODY].a == 1').judge(nothing)).toBe('[BODY].a (missing) == 1');
  expect(parseCondition('[CERTIFICATE_DAYS] > 1').judge(nothing)).toBe('[CERTIFICATE_DAYS] (missing) > 1');
  expect(parseCondition('[CONNECTED] == false').judge(nothing)).toBeUndefined();
});

test('a body that was cut is not judged as JSON', () => {
  expect(parseCondition('[BODY].n == 3').judge({ ...OBSERVATION, bodyCut: true })).toBe('[BODY].n (missing) == 3');
});

test.each([
  ['200', /"200" is no left side/],
  ['[STATUS]', /expected a condition such as/],
  ['[STATUS] ==', /expected a value after ==/],
  ['[STATE] == 200', /\[STATE\] is not known; known are STATUS/],
  ['STATUS == 200', /"STATUS" is no left side/],
  ['[STATUS].code == 200', /\[STATUS\] has no parts/],
  ['len([STATUS]) == 1', /len\(\) is for \[BODY\] alone/],
  ['[STATUS] < fast', /expected a number after <, not "fast"/],
  ['[RESPONSE_TIME] < fast', /or a duration such as 300ms/],
  ['[BODY]..a == 1', /is no path/],
  ['[BODY].a[x] == 1', /is no path/],
  ['len([BODY] == 1', /no left side/],
])('%s is refused: %s', (text, why) => {
  expect(() => parseCondition(text)).toThrow(why);
});

test('time and certificate are soft, all else is hard', () => {
  const soft = (text: string) => parseCondition(text).soft;
  expect(['[RESPONSE_TIME] < 1', '[CERTIFICATE_DAYS] > 1', '[CERTIFICATE_EXPIRATION] > 1h'].map(soft)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['[STATUS] == 1', '[BODY] == x', '[CONNECTED] == true', '[IP] == x'].map(soft)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
