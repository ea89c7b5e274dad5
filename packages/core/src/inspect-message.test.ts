import { expect, test } from 'vitest';
import { inspectMessage, levelOfText } from './inspect-message.ts';
import { parseStructure } from './structure.ts';

/** Lines as they are printed in the wild, and the level that a person would give them. */
const lines: [string, string | undefined][] = [
  ['2026-11-20 10:15:03 FTL | Application terminated unexpectedly', 'fatal'],
  ['2026-11-20T10:15:06.788889Z ERROR sink{component_kind="sink"}: vector: dropping the request.', 'error'],
  ['\x1b[32m[Nest] 17  - \x1b[39m11/20/2026, 10:15:07 AM \x1b[32m    LOG\x1b[39m \x1b[33m[Router]\x1b[39m x', 'info'],
  ['[Nest] 17  - 11/20/2026, 10:15:07 AM   ERROR [ExceptionsHandler] boom', 'error'],
  ['2026-11-20T10:15:07.3Z \x1b[31mERROR\x1b[0m No such file or directory (os error 2)', 'error'],
  ['Error: connect ECONNREFUSED 10.0.0.5:5432', 'error'],
  [' INFO Main child exited normally with code: 137', 'info'],
  [' WARN Reaped child process with pid: 42', 'warn'],
  ['2026/11/20 10:14:59 INFO SSH listening listen_address=[fdaa::2]:22', 'info'],
  ['[   92.599774] Out of memory: Killed process 678 (node) total-vm:2478636kB', 'fatal'],
  ['[    3.200226] reboot: Restarting system', undefined],
  ['I, [2021-09-23T15:36:16.329652 #522]  INFO -- : [a690644f] Started POST "/graphql"', 'info'],
  ['E, [2021-09-23T15:36:16.329652 #522] ERROR -- : boom', 'error'],
  ['E1120 10:15:03.123456   1 main.go:12] failed to list *v1.Pod', 'error'],
  ['time="2026-11-20T10:15:06Z" level=debug msg="checking docker activity"', 'debug'],
  ['ts=2026-11-20T10:15:06Z caller=main.go:1 level=warn msg="the ERROR page"', 'warn'],
  ['[Sun Dec 04 04:47:44 2005] [error] mod_jk child workerEnv in error state 6', 'error'],
  ['081109 203615 148 WARN dfs.DataNode$DataXceiver: Got exception', 'warn'],
  ['2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:Leader@774] - x', 'info'],
  ['nova-api.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746 WARNING nova.osapi [-] x', 'warn'],
  ['Dec 10 06:55:46 LabSZ sshd[24200]: error: Received disconnect from 1.2.3.4', 'error'],
  ['Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0', undefined],
  ['WARNING:django.request:Not Found: /favicon.ico', 'warn'],
  ['<3>sd-journal says so', 'error'],
  ['<14>1 2003-10-11T22:14:15Z mymachine su - - -', 'info'],
  ['LOG:  database system is ready to accept connections', 'info'],
  ['panic: runtime error: index out of range', 'fatal'],
  ['npm warn deprecated x@1', undefined],
  ['notice: nothing to do', 'info'],
  ['[warn] disk at 91 %', 'warn'],
  ['(error) no such key', 'error'],
  // Words that look like levels and are none.
  ['error.log rotated', undefined],
  ['errors: 0', undefined],
  ['info-panel mounted', undefined],
  ['debug=1 retries=3', undefined],
  ['log in by user 7', undefined],
  ['connection closed with error', undefined],
  ['10.2.3.4 - - [21/Nov/2026:10:00:00 +0000] "GET /error HTTP/1.1" 500 12', undefined],
  ['', undefined],
  ['    at async Pool.query (/app/node_modules/pg-pool/index.js:45:11)', undefined],
];

test.each(lines)('the level of %j is %s', (line, level) => {
  expect(inspectMessage(line).level).toBe(level);
});

test.each([
  ['{"level":50,"msg":"x"}', 'error'],
  ['{"level":"30"}', 'info'],
  ['{"severity":"ERROR","message":"Job failed"}', 'error'],
  ['{"@l":"Warning","@m":"x"}', 'warn'],
  ['{"log.level":"debug"}', 'debug'],
  ['{"log":{"level":"fatal"}}', 'fatal'],
  ['{"level":"CRITICAL","logger":"payments"}', 'fatal'],
  ['{"level":{"a":1},"severity":"warn"}', 'warn'],
  ['{"nested":{"level":"error"}}', undefined],
  ['{"level":"error","msg":"cut off in the mid', undefined],
  ['["error"]', undefined],
  ['[{"level":"error"}]', undefined],
])('a JSON line %s gives %s: the level of the object at its top alone', (line, level) => {
  expect(inspectMessage(line).level).toBe(level);
});

test('the logger of a JSON line becomes the source', () => {
  expect(inspectMessage('{"level":"ERROR","logger":"payments.worker","message":"x"}').source).toBe('payments.worker');
  expect(inspectMessage('{"source":{"file":"a.py"},"msg":"x"}').source).toBeUndefined();
});

test('keys that name the prototype are own keys of the structure and reach nothing else', () => {
  const { structure, level } = inspectMessage('{"__proto__":{"level":"fatal"},"msg":"x"}');
  expect(level).toBeUndefined();
  expect(Object.keys(structure ?? {})).toEqual(['__proto__', 'msg']);
  expect(({} as Record<string, unknown>).level).toBeUndefined();
});

test('an object that nests thousands deep stays text', () => {
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  expect(parseStructure(deep)).toBeUndefined();
  expect(inspectMessage(deep).level).toBeUndefined();
});

test('a line of a million blanks or brackets is read in no time', () => {
  for (const char of [' ', '[', '(', '\x1b', '1 ', 'a.', '<', '\x1b[']) {
    expect(levelOfText(char.repeat(1_000_000))).toBeUndefined();
  }
});

test('JSON with more values than any line has stays text', () => {
  const wide = (count: number) => `{"message":"x","a":[${'{},'.repeat(count)}{}]}`;
  expect(parseStructure(wide(5000))).toBeDefined();
  expect(parseStructure(wide(100_000))).toBeUndefined();
  // What stands in a string is no value.
  expect(parseStructure(JSON.stringify({ message: '[{,\\"'.repeat(50_000) }))).toBeDefined();
});
