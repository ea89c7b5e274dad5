/** `flywatch ask` as a process, against a hub with a model that does as it is told. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ScriptedModel, startScriptedModel, type Turn } from '../support/scripted-model.ts';
import { startTestHub, type TestHub } from '../support/test-hub.ts';
import { start, vg } from './program.fixture.ts';

let turns: Turn[] = [];
let model: ScriptedModel;
let hub: TestHub;
const TOKEN = 'reader-token-of-this-test';

beforeAll(async () => {
  model = await startScriptedModel(() => (turns.length > 1 ? turns.shift()! : turns[0]!));
  hub = await startTestHub({ OPENROUTER_API_KEY: 'key', OPENROUTER_BASE_URL: model.url, AUTH_TOKEN: TOKEN });
});

afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

const ask = (...args: string[]) => vg(['ask', '--url', hub.url, ...args], { FLYWATCH_TOKEN: TOKEN });

test('the answer goes to standard output, what is looked at to standard error', async () => {
  turns = [{ calls: [['count_logs', { by: 'app' }]] }, { text: 'Nothing is wrong.' }];
  expect(await ask('is', 'anything wrong?')).toMatchObject({
    ...{ status: 0, stdout: 'Nothing is wrong.\n' },
    stderr: '· count_logs {"by":"app"}\n',
  });
  expect(model.requests.at(-1)!.text).toContain('is anything wrong?');
});

test('--json prints the whole answer, and conversations go on', async () => {
  turns = [{ text: 'One.' }];
  const first = await ask('--json', 'first?');
  const answer = JSON.parse(first.stdout) as { response: string; conversation_id: string };
  expect(answer).toMatchObject({ response: 'One.', tools_called: [] });
  await ask('--conversation', answer.conversation_id, '--model', 'acme/other', 'second?');
  expect(model.requests.at(-1)!.text).toContain('first?');
  expect(model.requests.at(-1)!.body.model).toBe('acme/other');
});

test('it prints as the model speaks, and ends the question when it is interrupted', async () => {
  turns = [{ text: 'word '.repeat(1000), delayMs: 20 }];
  await using program = start(['ask', '--url', hub.url, 'x'], { FLYWATCH_TOKEN: TOKEN });
  await program.until((stdout) => stdout.includes('word word'));
  const before = model.abandoned;
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(130);
  await expect.poll(() => model.abandoned).toBe(before + 1);
});

test('an answer that breaks off is said to, behind what was said of it', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('event: text\ndata: {"delta":"All is "}\n\n', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await vg(['ask', '--url', url, 'x'])).toMatchObject({
    ...{ status: 1, stdout: 'All is \n' },
    stderr: `the connection to ${url}/ was lost before the answer was whole\n`,
  });
  server.close();
});

test('what a model says cannot command a terminal', async () => {
  turns = [{ text: 'a\u001b]0;title\u0007b\u001b[2Jc\u202ed' }];
  const { stdout } = await ask('x');
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
});

test('what goes wrong is said in a sentence', async () => {
  turns = [{ status: 402 }];
  expect(await ask('x')).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('no credit left') });
  expect(await vg(['ask', '--url', hub.url, 'x'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('wants a token'),
  });
  expect(await vg(['ask', '--url', 'http://127.0.0.1:9', 'x'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('cannot reach'),
  });
  expect(await ask(' ')).toMatchObject({ status: 2, stderr: expect.stringContaining('the question is empty') });
  expect(await ask()).toMatchObject({ status: 2 });
  await using without = await startTestHub();
  expect(await vg(['ask', '--url', without.url, 'x'])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('OPENROUTER_API_KEY'),
  });
});
