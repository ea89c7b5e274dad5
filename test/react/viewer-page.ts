/** What a person does with the viewer of an example: signs in, sees lines come, clears. */

import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startTestHub } from '../support/test-hub.ts';

const TOKEN = 'correct-horse-battery';

export async function startExampleHub() {
  // Another origin than the app's: its pages may read, with the token in a header.
  const hub = await startTestHub({ AUTH_TOKEN: TOKEN, CORS_ORIGIN: '*' });
  const post = async (lines: readonly object[]) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const response = await fetch(`${hub.url}/ingest/logs`, { method: 'POST', headers, body: JSON.stringify(lines) });
    expect(response.status).toBe(200);
  };
  return { url: `http://127.0.0.1:${hub.port}`, post, [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose]() };
}

type ExampleHub = Awaited<ReturnType<typeof startExampleHub>>;

/** Opens the app at `url` and uses its viewer. */
export async function useViewer(browser: Browser, url: string, hub: ExampleHub): Promise<void> {
  const page = await browser.newPage();
  const faults: string[] = [];
  const addresses: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('request', (request) => addresses.push(request.url()));
  await hub.post([{ message: 'before', level: 'info', app: 'shop' }]);
  await page.goto(url);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Show the log' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();
  await entry(page, 'before').waitFor();
  await hub.post([{ message: 'it broke', level: 'error', app: 'shop' }]);
  await entry(page, 'it broke').waitFor();
  const [info, error] = [await colour(page, 'before'), await colour(page, 'it broke')];
  expect(info).toMatch(/^rgb\(/);
  expect(error).not.toBe(info);
  await page.getByRole('button', { name: 'Clear' }).click();
  await entry(page, 'it broke').waitFor({ state: 'detached' });
  await hub.post([{ message: 'after the clear', level: 'warn', app: 'shop' }]);
  await entry(page, 'after the clear').waitFor();
  expect(await page.locator('.fw-entry').count()).toBe(1);
  expect(faults).toEqual([]);
  const origins = new Set(
    addresses.filter((address) => !address.startsWith('data:')).map((address) => new URL(address).origin),
  );
  expect([...origins].sort()).toEqual([new URL(url).origin, hub.url].sort());
  expect(addresses.filter((address) => address.includes(TOKEN))).toEqual([]);
  await page.close();
}

const entry = (page: Page, text: string) => page.locator('.fw-entry', { hasText: text });

/** What a function that runs in the page finds there. */
interface PageGlobals {
  getComputedStyle(of: unknown): { readonly color: string };
}

const colour = (page: Page, text: string) =>
  entry(page, text)
    .locator('.fw-level')
    .evaluate((tag) => (globalThis as unknown as PageGlobals).getComputedStyle(tag).color);
