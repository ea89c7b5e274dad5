/** The log path as a whole: a tail in this process, the network, and a real hub that is killed, cut off and frozen. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HubDelivery, LogTail, type LogTailStatus } from '@flywatch/agent';
import { expect, test } from 'vitest';
import { fastestOfThree } from '../support/fastest.ts';
import { startGate } from '../support/gate.ts';
import { spawnHub, startTestHub } from '../support/test-hub.ts';

interface Exported {
  readonly message: string;
  readonly app: string;
  readonly host: string;
  readonly source: string;
  readonly provider: string;
  readonly level: string;
  readonly fields?: { readonly n?: number };
}

function setup(hubUrl: string, token?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
  mkdirSync(join(folder, 'logs'));
  const file = join(folder, 'logs', 'app.log');
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  const delivery = new HubDelivery({ settings: { url: hubUrl, token }, warn });
  const tail = new LogTail({
    settings: {
      agent: 'web-1',
      stateDir: join(folder, 'state'),
      files: [{ pattern: file, app: 'shop', host: 'web-1' }],
    },
    sink: delivery,
    warn,
  });
  let written = 0;
  return {
    file,
    tail,
    delivery,
    warnings,
    /** Numbered lines, one write each. */
    write: (count: number) => {
      for (let i = 0; i < count; i++)
        appendFileSync(file, `{"level":"info","message":"line ${++written}","n":${written}}\n`);
    },
    written: () => written,
    until: (condition: (status: LogTailStatus) => boolean) =>
      expect.poll(() => condition(tail.status()), { interval: 20 }).toBe(true),
    [Symbol.asyncDispose]: async () => {
      await tail.stop();
      delivery.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function read(hubUrl: string): Promise<Exported[]> {
  const response = await fetch(`${hubUrl}/logs/export?format=ndjson&provider=agent`);
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Exported);
}

const numbersOf = (events: readonly Exported[]) => events.map(({ fields }) => fields?.n);
const oneTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('a line is in the live stream within two seconds, with its app, host and file', async () => {
  await using hub = await startTestHub();
  const url = `http://127.0.0.1:${hub.port}`;
  await using agent = setup(url);
  writeFileSync(agent.file, '');
  await agent.tail.start();
  const live = new WebSocket(`ws://127.0.0.1:${hub.port}/logs/ws?format=flat`);
  await new Promise((resolve) => live.addEventListener('open', resolve, { once: true }));
  // The quiet case, in which files are looked at least often.
  await sleep(1_000);
  let event: Exported | undefined;
  const fastestMs = await fastestOfThree(async () => {
    const arrived = new Promise<string>((resolve) => {
      live.addEventListener('message', ({ data }) => resolve(String(data)), { once: true });
    });
    appendFileSync(agent.file, 'WARN the disk is nearly full\n');
    event = JSON.parse(await arrived) as Exported;
  });
  live.close();
  expect(event).toMatchObject({
    message: 'WARN the disk is nearly full',
    level: 'warn',
    app: 'shop',
    host: 'web-1',
    source: 'app.log',
    provider: 'agent',
  });
  expect(fastestMs).toBeLessThan(2_000);
});

test('over a network that is cut and mended forty times, and freezes, each line arrives once and in order', async () => {
  await using hub = await startTestHub();
  const gate = await startGate(hub.port);
  await using agent = setup(`http://127.0.0.1:${gate.port}`);
  await agent.tail.start();
  for (let cut = 0; cut < 40; cut++) {
    agent.write(25);
    await sleep(40);
    if (cut % 10 === 9) {
      gate.freeze();
      agent.write(5);
      await sleep(100);
      gate.thaw();
    }
    gate.shut();
    agent.write(5);
    await sleep(20);
    gate.open();
  }
  await agent.until(({ linesSent }) => linesSent === agent.written());
  expect(numbersOf(await read(`http://127.0.0.1:${hub.port}`))).toEqual(oneTo(agent.written()));
  await gate.close();
});

test('a hub that is killed with kill -9 again and again has each line once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-killed-hub-'));
  const env = { STORE_PATH: join(folder, 'flywatch.db') };
  let hub = await spawnHub(env);
  const gate = { url: hub.url, port: String(hub.port) };
  await using agent = setup(gate.url);
  await agent.tail.start();
  for (let kill = 0; kill < 5; kill++) {
    // Many small lines, so that a batch is taken in slices and a kill falls between two of them.
    agent.write(4_000);
    await sleep(100 + 90 * kill);
    await hub.end('SIGKILL');
    agent.write(100);
    hub = await spawnHub({ ...env, PORT: gate.port });
  }
  await agent.until(({ linesSent }) => linesSent === agent.written());
  expect(numbersOf(await read(hub.url))).toEqual(oneTo(agent.written()));
  await hub.end('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

test('with a wrong token nothing is lost, and the agent says what is wrong', async () => {
  await using hub = await startTestHub({ AUTH_TOKEN: 'reads-all', INGEST_TOKEN: 'may-write' });
  const url = `http://127.0.0.1:${hub.port}`;
  await using wrong = setup(url, 'a guess');
  wrong.write(3);
  await wrong.tail.start();
  await expect.poll(() => wrong.delivery.status.detail).toMatch(/does not know the token \(401\)/);
  expect(wrong.tail.status()).toMatchObject({ linesSent: 0, linesLost: 0, files: [{ lagBytes: expect.any(Number) }] });
  await using right = setup(url, 'may-write');
  right.write(3);
  await right.tail.start();
  await right.until(({ linesSent }) => linesSent === 3);
});

test('the status says what every file lags behind, and that nothing was lost', async () => {
  await using hub = await startTestHub();
  await using agent = setup(`http://127.0.0.1:${hub.port}`);
  agent.write(10);
  await agent.tail.start();
  await agent.until(({ linesSent }) => linesSent === 10);
  expect(agent.tail.status()).toMatchObject({
    state: 'running',
    files: [{ path: agent.file, state: 'live', lagBytes: 0, generation: 0 }],
    linesSent: 10,
    linesLost: 0,
    bytesLost: 0,
    hasTooManyFiles: false,
  });
});
