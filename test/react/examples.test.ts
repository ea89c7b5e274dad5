/** The examples are built from the packed packages and opened: what is published works in somebody else's app. */

import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packSome } from '../../scripts/pack.ts';
import { launchChromium } from '../page/setup.ts';
import { installExample } from './example-app.ts';
import { startExampleHub, useViewer } from './viewer-page.ts';

let browser: Browser;
let packed: string;
let tarballs: Readonly<Record<string, string>>;

beforeAll(async () => {
  packed = mkdtempSync(join(tmpdir(), 'flywatch-packed-'));
  tarballs = packSome(['core', 'client', 'react'], packed);
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(packed, { recursive: true, force: true });
});

/** An install from the registry takes its time. */
const INSTALL_MS = 180_000;

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

test.concurrent(
  'in a Vite app lines arrive live, have the colours of their levels, and are cleared',
  async () => {
    await using hub = await startExampleHub();
    await using app = await installExample('react-vite', tarballs);
    await app.run('build', { VITE_FLYWATCH_URL: hub.url });
    const files = join(app.folder, 'dist');
    const server = createServer((request, response) => {
      const path = join(files, request.url === '/' ? 'index.html' : request.url!);
      if (!existsSync(path)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' });
      createReadStream(path).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await useViewer(browser, `http://127.0.0.1:${port}/`, hub);
    server.close();
  },
  INSTALL_MS,
);

test.concurrent(
  'in a Next app, which renders on a server first, too',
  async () => {
    await using hub = await startExampleHub();
    await using app = await installExample('react-next', tarballs);
    const env = { NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_FLYWATCH_URL: hub.url };
    await app.run('build', env);
    const bin = join(app.folder, 'node_modules/next/dist/bin/next');
    const args = [bin, 'start', '--hostname', '127.0.0.1', '--port', '0'];
    const next = spawn(process.execPath, args, { cwd: app.folder, env: { ...process.env, ...env } });
    const url = await addressOf(next);
    expect(await (await fetch(url)).text()).toContain('Show the log');
    await useViewer(browser, url, hub);
    next.kill();
  },
  INSTALL_MS,
);

/** The address that a server prints when it listens. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (found !== null) resolve(`${found[0]}/`);
    };
    server.stdout!.on('data', read);
    server.stderr!.on('data', read);
    server.once('exit', () => reject(new Error(`the server ended:\n${text}`)));
  });
}
