/** A real hub, a real browser, and a page between them that reports everything that a healthy page does not do. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, type Hub, loadConfig, startHub } from '@flywatch/hub';
import { type Browser, chromium, type Page } from 'playwright-core';
import { requireProgram } from '../support/debian.ts';

export async function launchBrowser(): Promise<Browser> {
  const executablePath = requireProgram('chromium', {
    debianPackage: 'chromium',
    alternatives: [
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ],
  });
  return chromium.launch({ executablePath });
}

export interface TestHub extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Sends events as one batch. */
  post(events: readonly object[]): Promise<void>;
  stop(): Promise<void>;
  /** The same hub again: same port, same state on disk. */
  restart(): Promise<void>;
}

export async function setupHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-page-'));
  const log = createLog('error', (line) => process.stderr.write(line));
  const start = (port: number): Promise<Hub> => {
    const settings = { HOST: '127.0.0.1', DEMO_RATE: '0', STORE_PATH: join(folder, 'flywatch.db'), ...env };
    return startHub({ config: loadConfig({ ...settings, PORT: String(port) }).config, log });
  };
  let hub = await start(0);
  const { port } = hub;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    post: async (events) => {
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (env.AUTH_TOKEN !== undefined) headers.authorization = `Bearer ${env.AUTH_TOKEN}`;
      const body = JSON.stringify(events);
      const response = await fetch(`http://127.0.0.1:${port}/ingest/logs`, { method: 'POST', headers, body });
      if (!response.ok) throw new Error(`ingest answered ${response.status}: ${await response.text()}`);
    },
    stop: () => hub.stop(),
    restart: async () => {
      await hub.stop();
      hub = await start(port);
    },
    [Symbol.asyncDispose]: async () => {
      await hub.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface TestPage extends AsyncDisposable {
  readonly page: Page;
  /** What went wrong so far: console errors, exceptions, violations of the content policy, requests to elsewhere. */
  readonly faults: string[];
  /** Texts of the messages in the list, oldest first. */
  messages(): Promise<string[]>;
  /** Resolves when the list shows a message with this text. */
  seen(text: string): Promise<void>;
}

export interface PageOptions {
  readonly search?: string;
  readonly width?: number;
  readonly height?: number;
  /** Failed requests that the test brings about: Chromium writes one of its own lines for each. */
  readonly expectedFailures?: RegExp;
  readonly clock?: boolean;
}

export async function openPage(browser: Browser, origin: string, options: PageOptions = {}): Promise<TestPage> {
  const { search = '', width = 1280, height = 720, expectedFailures, clock = false } = options;
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (text.startsWith('Failed to load resource') && expectedFailures?.test(text)) return;
    faults.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => faults.push(`exception: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request to another origin: ${request.url()}`);
  });
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
    console.error('content policy: ' + event.violatedDirective + ' ' + event.blockedURI);
  });`);
  if (clock) await page.clock.install();
  await page.goto(`${origin}/ui/${search}`);
  return {
    page,
    faults,
    messages: () => page.locator('.line .text').allTextContents(),
    seen: (text) => page.locator('.line .text', { hasText: text }).last().waitFor({ state: 'attached' }),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
