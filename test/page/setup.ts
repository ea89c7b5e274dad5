/** A real hub, a real browser, and a page between them that reports everything that a healthy page does not do. */

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLog, type Hub, loadConfig, startHub } from '@flywatch/hub';
import { type Browser, chromium, type Page } from 'playwright-core';
import { requireProgram } from '../support/debian.ts';

const BUILD = fileURLToPath(new URL('../../scripts/build-web.ts', import.meta.url));
const PAGE_FOLDER = fileURLToPath(new URL('../../packages/web/dist/', import.meta.url));

/** A browser, and the page built from what the sources are now. */
export async function launchBrowser(): Promise<Browser> {
  const { status, stderr } = spawnSync(process.execPath, [BUILD], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return launchChromium();
}

/** A browser for pages that are not the dashboard's. */
export async function launchChromium(): Promise<Browser> {
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
    // The machine that the tests run on is no part of what they tell.
    const quiet = { DEMO_RATE: '0', WATCH_OWN_HOST: 'false' };
    const settings = { HOST: '127.0.0.1', ...quiet, STORE_PATH: join(folder, 'flywatch.db'), ...env };
    const { config } = loadConfig({ ...settings, PORT: String(port) });
    return startHub({ config, log, pageFolder: PAGE_FOLDER });
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
  /** How far what is on screen has moved by itself since the page was opened: Cumulative Layout Shift, 0 where nothing did. */
  layoutShift(): Promise<number>;
}

export interface PageOptions {
  /** Below `/ui/`, with its query. @defaultValue '' */
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  /** What the system asks for. @defaultValue 'dark' */
  readonly theme?: 'dark' | 'light';
  /** Failed requests that the test brings about: Chromium writes one of its own lines for each. */
  readonly expectedFailures?: RegExp;
  /** Time stands still but for what the test moves it by. */
  readonly clock?: boolean;
  /** A phone: touch, two pixels a point, and its width unless another one is given. */
  readonly phone?: boolean;
  /** `name=value` of a session that is there already. */
  readonly cookie?: string | undefined;
}

const OBSERVERS = `
addEventListener('securitypolicyviolation', (event) => {
  console.error('content policy: ' + event.violatedDirective + ' ' + event.blockedURI);
});
window.layoutShift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
`;

export async function openPage(browser: Browser, origin: string, options: PageOptions = {}): Promise<TestPage> {
  const { path = '', phone = false, theme = 'dark', expectedFailures, clock = false } = options;
  const { width = phone ? 390 : 1280, height = phone ? 844 : 720 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    hasTouch: phone,
    isMobile: phone,
    deviceScaleFactor: phone ? 2 : 1,
  });
  if (options.cookie !== undefined) {
    const [name = '', value = ''] = options.cookie.split('=');
    await context.addCookies([{ name, value, url: origin }]);
  }
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
  await page.addInitScript(OBSERVERS);
  if (clock) await page.clock.install();
  await page.goto(`${origin}/ui/${path}`);
  return {
    page,
    faults,
    layoutShift: async () => Number(await page.evaluate('window.layoutShift')),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
