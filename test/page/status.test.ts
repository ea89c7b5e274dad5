/** The status page beside a real hub: what it says is what is, and a hub that does not answer is said too. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGate } from '../support/gate.ts';
import { launchBrowser, openPage, setupHub } from './setup.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

const fact = (page: Page, name: string) =>
  page.locator('.facts > div', { has: page.getByText(name, { exact: true }) }).locator('dd');
const box = (page: Page, name: string) => page.locator('.box', { has: page.getByRole('heading', { name }) });

test('the boxes stand in the order of the data’s way and count what has come', async () => {
  await using hub = await setupHub({ AUTH_TOKEN: 'correct-horse-battery', STORE_MAX_BYTES: '100000000' });
  await hub.post([{ message: 'one' }, { message: 'two' }]);
  const session = await fetch(`${hub.url}/session`, {
    method: 'POST',
    body: JSON.stringify({ token: 'correct-horse-battery' }),
  });
  const cookie = session.headers.get('set-cookie')!.split(';', 1)[0];
  await using view = await openPage(browser, hub.url, { path: 'status', cookie });
  const { page } = view;
  await page.getByText('Everything works').waitFor();
  expect(await page.locator('.box h2').allInnerTexts()).toEqual(['Arriving', 'Ring', 'Store', 'Readers']);
  expect(await box(page, 'Ring').innerText()).toMatch(/2 lines/);
  expect(await box(page, 'Store').innerText()).toMatch(/of 100 MB\s+2 lines written/);
  for (const name of [
    'Batches refused',
    'Dropped in the store',
    'Gaps told to readers',
    'Lines cut',
    'Times replaced',
  ]) {
    expect(await fact(page, name).innerText(), name).toBe(name === 'Times replaced' ? '2, missing or absurd' : '0');
  }
  expect(await fact(page, 'Hub').innerText()).toBe('0.1.0');
  await expect.poll(() => fact(page, 'Oldest line').innerText()).toMatch(/^\d+ \w{3}, \d\d:\d\d:\d\d$/);
  await hub.post(Array.from({ length: 40 }, () => ({ message: 'more' })));
  await box(page, 'Ring').getByText('42').waitFor();
  expect(view.faults).toEqual([]);
});

test('a reader is named with what it asked for', async () => {
  await using hub = await setupHub();
  const headers = { 'user-agent': 'curl/8.14.1' };
  const stream = await fetch(`${hub.url}/logs/stream?level=warn&q=-health`, { headers });
  await using view = await openPage(browser, hub.url, { path: 'status' });
  const row = view.page.getByRole('row', { name: /curl/ });
  expect(await row.innerText()).toMatch(
    /curl\/8\.14\.1, 127\.0\.0\.1\s+SSE\s+level:warn -health\s+0\s+.* ago\s+Following/,
  );
  await stream.body?.cancel();
  await row.waitFor({ state: 'detached' });
});

test('a bus that is away, and a hub that is open to everybody, are said with what they mean', async () => {
  await using hub = await setupHub({
    FLY_ORG: 'acme',
    ACCESS_TOKEN: 'x',
    FLY_APP: '*',
    NATS_URL: 'nats://127.0.0.1:1',
  });
  await using view = await openPage(browser, hub.url, { path: 'status' });
  await view.page.getByText('Not ready').waitFor();
  await view.page.getByText(/Fly’s log bus is disconnected since/).waitFor();
  await view.page.getByText('AUTH_TOKEN is not set: everybody who reaches this address can read all logs').waitFor();
  const row = view.page.getByRole('row', { name: /Fly’s log bus/ });
  expect(await row.innerText()).toMatch(/Disconnected/);
  expect(view.faults).toEqual([]);
});

test('a hub that is gone leaves what was known, with its age, and is asked again', async () => {
  await using hub = await setupHub();
  const gate = await startGate(hub.port);
  await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, {
    path: 'status',
    expectedFailures: /./,
  });
  const { page } = view;
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  gate.shut();
  await page.getByText(/What you see is from \d+ (?:ms|s) ago/).waitFor();
  expect(await page.getByText('SQLite, one file').isVisible()).toBe(true);
  expect(await page.getByText('Working, 1 thing to know').isVisible()).toBe(false);
  gate.open();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('What you see is from').waitFor({ state: 'detached' });
  await gate.close();
});

test('a page that never had an answer says so and offers to try again', async () => {
  await using hub = await setupHub();
  const gate = await startGate(hub.port);
  await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, {
    path: 'settings',
    expectedFailures: /./,
  });
  const { page } = view;
  await page.getByRole('heading', { name: 'This browser' }).waitFor();
  // The files of the place are here, its figures are not.
  await page.keyboard.press('Shift+S');
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  await page.keyboard.press('Shift+O');
  gate.shut();
  await page.keyboard.press('Shift+S');
  await page.getByRole('heading', { name: 'The status could not be read' }).waitFor();
  gate.open();
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  await gate.close();
});
