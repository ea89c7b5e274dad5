/** What a person chooses is kept in this browser, holds at once and before the first paint, and can be forgotten. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, openPage, setupHub, type TestHub } from './setup.ts';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await hub.post([
    { message: 'one', app: 'shop-worker', instance: '3287ce41' },
    { message: 'two', app: 'shop-web', instance: '4d891d77' },
  ]);
}, 400_000);

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await browser?.close();
});

const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');
const DARK = 'rgb(13, 16, 20)';
const LIGHT = 'rgb(253, 253, 254)';

describe('the theme', () => {
  test('follows the system until one is chosen, and then holds from the first paint on', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings', theme: 'dark' });
    const { page } = view;
    await page.getByRole('radio', { name: 'Light' }).waitFor();
    expect(await background(page)).toBe(DARK);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background(page)).toBe(LIGHT);
    await page.getByRole('radio', { name: 'Dark' }).click();
    expect(await background(page)).toBe(DARK);
    // What is there before any module runs: that is the first paint.
    await page.route('**/assets/*.js', (route) => route.abort());
    await page.reload();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    expect(await background(page)).toBe(DARK);
  });

  test('chosen in one tab holds in the others', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings', theme: 'dark' });
    await view.page.getByRole('radio', { name: 'Light' }).waitFor();
    const second = await view.page.context().newPage();
    await second.goto(`${hub.url}/ui/settings`);
    await second.getByRole('radio', { name: 'Light' }).click();
    await expect.poll(() => background(view.page)).toBe(LIGHT);
  });
});

test('choices are made with the arrow keys too', async () => {
  await using view = await openPage(browser, hub.url, { path: 'settings' });
  const { page } = view;
  await page.getByRole('radio', { name: 'Local' }).focus();
  await page.keyboard.press('ArrowRight');
  expect(await page.getByRole('radio', { name: 'UTC' }).getAttribute('aria-checked')).toBe('true');
  expect(await page.evaluate('document.activeElement.innerText')).toBe('UTC');
});

test('single keys can be switched off; those with Ctrl work all the same', async () => {
  await using view = await openPage(browser, hub.url, { path: 'settings' });
  const { page } = view;
  await page.getByRole('radiogroup', { name: 'Single keys' }).getByRole('radio', { name: 'Off' }).click();
  await page.keyboard.press('Shift+S');
  await page.keyboard.press('?');
  expect(new URL(page.url()).pathname).toBe('/ui/settings');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
});

test('stored nonsense does no harm, and everything is forgotten when asked', async () => {
  await using view = await openPage(browser, hub.url, { path: 'settings' });
  const { page } = view;
  await page.evaluate(
    `localStorage.setItem('flywatch.settings', '{"theme":["x"],"views":[{"name":"Errors","search":"q=level:error"},7]}')`,
  );
  await page.evaluate(`localStorage.setItem('somebody-else', 'stays')`);
  await page.reload();
  await page.getByRole('link', { name: 'Errors' }).waitFor();
  await page.getByRole('button', { name: 'Forget everything' }).click();
  await page.getByRole('button', { name: 'Forget it all' }).click();
  await page.getByText('None yet.').waitFor();
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual(['somebody-else']);
  expect(view.faults).toEqual([]);
});

describe('the palette', () => {
  const typed = async (page: Page, text: string) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Command/ }).fill(text);
  };

  test('goes to places by their names', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    const { page } = view;
    await page.getByRole('heading', { name: 'This browser' }).waitFor();
    await typed(page, 'stat');
    await page.getByRole('option', { name: /Status/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Losses' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(view.faults).toEqual([]);
  });

  test('finds an app and shows its lines alone, or all but them', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    const { page } = view;
    await page.getByRole('heading', { name: 'This browser' }).waitFor();
    await typed(page, 'work');
    await page.getByRole('option', { name: /^Only app:shop-worker/ }).waitFor();
    expect(await page.getByRole('option').allInnerTexts()).toHaveLength(2);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search).toBe('?q=app%3Ashop-worker');
    await page.locator('.list-row', { hasText: 'one' }).waitFor();
    expect(await page.locator('.list-row').count()).toBe(1);
    await page.locator('.list-scroller').focus();
    await typed(page, 'worker');
    await page.getByRole('option', { name: /^Without/ }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('-app:shop-worker');
    await page.locator('.list-row', { hasText: 'two' }).waitFor();
  });

  test('does things, and > asks for these alone', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings', theme: 'dark' });
    const { page } = view;
    await page.getByRole('heading', { name: 'This browser' }).waitFor();
    await typed(page, '>light');
    await page.getByRole('option', { name: 'Theme light' }).click();
    expect(await background(page)).toBe(LIGHT);
    await typed(page, '>keys');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  });

  test('with no match says so; Esc closes it and gives the focus back', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    const { page } = view;
    await page.getByRole('radio', { name: 'Local' }).focus();
    await typed(page, 'no such thing');
    await page.getByText('Nothing has “no such thing” in its name.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate('document.activeElement.innerText')).toBe('Local');
  });
});

test('? shows the keys that work on this page, and no others', async () => {
  await using view = await openPage(browser, hub.url, { path: 'settings' });
  const { page } = view;
  await page.getByRole('heading', { name: 'This browser' }).waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.waitFor();
  expect(await keys.innerText()).not.toMatch(/Pause/);
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  await page.keyboard.press('Shift+L');
  await page.locator('.list-row').first().waitFor();
  await page.keyboard.press('?');
  await keys.waitFor();
  for (const name of ['Pause, resume', 'Search', 'Copy line', 'Commands'])
    await keys.getByText(name, { exact: true }).waitFor();
});
