/** Signing in and out with a real hub: the token is sent once and kept nowhere, and a link leads on to where it pointed. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGate } from '../support/gate.ts';
import { launchBrowser, openPage, setupHub } from './setup.ts';

const TOKENS = { AUTH_TOKEN: 'correct-horse-battery', INGEST_TOKEN: 'write-only-token' };

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

const field = (page: Page) => page.getByLabel('Access token');
const button = (page: Page) => page.getByRole('button', { name: 'Sign in' });

test('takes the token once, keeps it nowhere, leads to where the link pointed, and signs out again', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openPage(browser, hub.url, { path: 'settings?from=a-link', expectedFailures: /401/ });
  const { page } = view;
  await page.getByText('Hub is healthy').waitFor();
  expect(await page.locator('body').innerText()).not.toContain('0.1.0');
  expect(await page.evaluate('document.activeElement.id')).toBe('token');
  await page.keyboard.type('correct-horse-battery');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  expect(page.url()).toBe(`${hub.url}/ui/settings?from=a-link`);
  const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
  expect(kept).not.toContain('correct-horse');
  await page.reload();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await field(page).waitFor();
  await page.reload();
  await field(page).waitFor();
  expect(view.faults).toEqual([]);
});

test('a wrong token stays in its field, and what is wrong with it is said under it', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openPage(browser, hub.url, { path: 'status', expectedFailures: /40[13]/ });
  const { page } = view;
  await field(page).fill('wrong');
  await button(page).click();
  await page.getByText('This token is not the hub’s.').waitFor();
  expect(await field(page).inputValue()).toBe('wrong');
  expect(await field(page).getAttribute('aria-invalid')).toBe('true');
  await field(page).fill(TOKENS.INGEST_TOKEN);
  await button(page).click();
  await page.getByText('may only write').waitFor();
  await field(page).fill(TOKENS.AUTH_TOKEN);
  await button(page).click();
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  expect(view.faults).toEqual([]);
});

test('after many wrong tokens the hub takes its time, and the page says so', async () => {
  await using hub = await setupHub(TOKENS);
  const guess = () => fetch(`${hub.url}/session`, { method: 'POST', body: JSON.stringify({ token: 'a guess' }) });
  await Promise.all(Array.from({ length: 45 }, guess));
  await using view = await openPage(browser, hub.url, { path: 'status', expectedFailures: /401/ });
  const { page } = view;
  const refused = page.getByText('This token is not the hub’s.');
  await field(page).fill('wrong');
  await button(page).click();
  await refused.waitFor();
  await button(page).click();
  // In one look, since it ends by itself.
  const waiting = page.locator('form', { hasText: 'After many wrong tokens' });
  await waiting.locator('button[type=submit]:disabled').waitFor();
  await refused.waitFor();
  await field(page).fill(TOKENS.AUTH_TOKEN);
  await button(page).click();
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
});

test('a hub that does not answer is told from a wrong token', async () => {
  await using hub = await setupHub(TOKENS);
  const gate = await startGate(hub.port);
  await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, {
    path: 'status',
    expectedFailures: /./,
  });
  await view.page.getByText('Hub is healthy').waitFor();
  gate.shut();
  await field(view.page).fill(TOKENS.AUTH_TOKEN);
  await button(view.page).click();
  await view.page.getByText('The hub cannot be reached. The token was not checked.').waitFor();
  gate.open();
  await button(view.page).click();
  await view.page.getByRole('heading', { name: 'Losses' }).waitFor();
  await gate.close();
});

test('a session that ends while the page is open leads to the sign-in page, and back', async () => {
  await using hub = await setupHub(TOKENS);
  await using view = await openPage(browser, hub.url, { path: 'status', expectedFailures: /401/ });
  const { page } = view;
  await field(page).fill(TOKENS.AUTH_TOKEN);
  await button(page).click();
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  await page.context().clearCookies();
  await field(page).waitFor();
  await field(page).fill(TOKENS.AUTH_TOKEN);
  await button(page).click();
  await page.getByRole('heading', { name: 'Losses' }).waitFor();
  expect(view.faults).toEqual([]);
});
