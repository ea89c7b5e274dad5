/** The search box of the page, against a real hub. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterIs, filterOf, lines, openLive, searchBox, waitForMessage } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const HOSTILE = '"><img src=x onerror=alert(1)>';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await hub.post(
    lines(
      { message: 'cart saved', app: 'acme-api', res: { statusCode: 200, size: 10 } },
      { message: 'card declined', app: 'acme-api', level: 'error', res: { statusCode: 502, size: 20 } },
      { message: 'page rendered', app: 'acme-web', res: { statusCode: 200 } },
      { message: 'strange', app: HOSTILE, [HOSTILE]: 1, note: HOSTILE },
    ),
  );
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

test('a wrong filter shows its place and a repair to press, and the last good search stays', async () => {
  await using opened = await openLive(browser, hub.url, { path: '?q=app:acme-api' });
  const { page, faults } = opened;
  await waitForMessage(page, 'cart saved');
  await page.keyboard.press('/');
  await page.keyboard.type('app:acme-api res.statusCode:> ');
  await page.keyboard.press('Enter');

  await page.getByText('position 14').waitFor();
  expect(await page.locator('.search-layer .is-wrong').allTextContents()).toEqual(['res.statusCode:', '>']);
  expect(await page.locator('.search-problem').textContent()).toBe('res.statusCode:> has no value');
  expect(await searchBox(page).getAttribute('aria-invalid')).toBe('true');
  expect(filterOf(page)).toBe('app:acme-api');
  await waitForMessage(page, 'cart saved');

  await page.getByRole('button', { name: 'res.statusCode:>500' }).click();
  await filterIs(page, 'app:acme-api res.statusCode:>500');
  await page.getByText('1 line', { exact: true }).first().waitFor();
  expect(await page.locator('.search-mistake').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a filter that only the hub refuses is marked too', async () => {
  await using opened = await openLive(browser, hub.url, {
    path: `?q=${encodeURIComponent('card /(?=x)/')}`,
    expectedFailures: /400/,
  });
  const { page } = opened;
  await page.getByText('position 7').waitFor();
  expect(await page.locator('.search-layer .is-wrong').allTextContents()).toEqual(['(?=x)']);
});

test('fields are completed from what the lines have, then their values, and Enter searches', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await page.keyboard.press('/');
  await page.keyboard.type('res.st');
  const suggestions = page.getByRole('listbox', { name: 'Suggestions' });
  await suggestions.getByText('number · 200, 502').waitFor();
  expect(await suggestions.getByText('res.size').count()).toBe(0);
  expect(await suggestions.getByRole('group', { name: 'Then' }).getByRole('option').first().textContent()).toMatch(
    /^res\.statusCode:502/,
  );

  await page.keyboard.press('Tab');
  expect(await searchBox(page).inputValue()).toBe('res.statusCode:');
  expect(await suggestions.getByRole('option').first().textContent()).toBe('2002');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const active = await searchBox(page).getAttribute('aria-activedescendant');
  expect(await page.locator(`[id="${active}"]`).textContent()).toBe('5021');
  await page.keyboard.press('Enter');
  expect(await searchBox(page).inputValue()).toBe('res.statusCode:502 ');
  await page.keyboard.press('Enter');
  await filterIs(page, 'res.statusCode:502');
  await waitForMessage(page, 'card declined');
  expect(faults).toEqual([]);
});

test('hostile names and values are text, and can be searched for', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await page.keyboard.press('/');
  await page.keyboard.type('app:');
  await page.getByRole('option').filter({ hasText: HOSTILE }).click();
  expect(await page.locator('.search-layer').textContent()).toBe(`${await searchBox(page).inputValue()}`);
  await page.keyboard.press('Enter');
  await filterIs(page, `app:"\\"><img src=x onerror=alert(1)>"`);
  await waitForMessage(page, 'strange');
  expect(await page.locator('img').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('the coloured text lies under the letters, also when the text is longer than the box', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  const text = `-app:db (timeout or "connection reset") ${'level:>=warn '.repeat(30)}`.trim();
  await searchBox(page).fill(text);
  const places = () =>
    page.evaluate(`(() => {
      const input = document.querySelector('.search-input');
      const layer = document.querySelector('.search-layer');
      return {
        texts: [input.value, layer.textContent],
        scrolled: [input.scrollLeft, layer.scrollLeft],
        widths: [input.scrollWidth, layer.scrollWidth],
      };
    })()`) as Promise<{ texts: string[]; scrolled: number[]; widths: number[] }>;
  for (const key of ['End', 'Home', 'End']) {
    await page.keyboard.press(key);
    await page.waitForFunction(
      `document.querySelector('.search-input').scrollLeft === document.querySelector('.search-layer').scrollLeft`,
    );
  }
  const { texts, scrolled, widths } = await places();
  expect(texts).toEqual([text, text]);
  expect(scrolled[0]).toBeGreaterThan(500);
  expect(Math.abs(widths[0]! - widths[1]!)).toBeLessThanOrEqual(1);
  expect(await page.locator('.search-negation.is-negated').first().textContent()).toBe('-');
});

test('Escape closes, then takes the edit back; earlier searches are offered, and Back leads to them', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  for (const q of ['declined', 'rendered']) {
    await searchBox(page).fill(q);
    await page.keyboard.press('Enter');
    await filterIs(page, q);
  }
  await page.goBack();
  await filterIs(page, 'declined');
  expect(await searchBox(page).inputValue()).toBe('declined');
  await searchBox(page).fill('');
  await page.getByRole('option', { name: 'rendered' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox', { name: 'Suggestions' }).waitFor({ state: 'detached' });
  expect(await searchBox(page).inputValue()).toBe('');
  await page.keyboard.press('Escape');
  expect(await searchBox(page).inputValue()).toBe('declined');
});

test('a field that none of the newest lines has is completed too, once the hub has looked at all of them', async () => {
  await hub.post(lines({ message: 'invoice sent', invoice: { total: 4711 } }));
  await hub.post(lines(...Array.from({ length: 250 }, (_, i) => ({ message: `plain ${i}` }))));
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await page.keyboard.press('/');
  await page.keyboard.type('invo');
  const suggestions = page.getByRole('listbox', { name: 'Suggestions' });
  await suggestions.getByText('invoice.total').first().waitFor();
  expect(await suggestions.getByText('of 255 lines').count()).toBe(1);
  expect(faults).toEqual([]);
});

test('on a phone the search is a sheet that a button opens, and what is searched stands below the title', async () => {
  await using opened = await openLive(browser, hub.url, { phone: true });
  const { page, faults } = opened;
  await page.getByRole('heading', { name: 'Live' }).waitFor();
  const height = () =>
    page.locator('search').evaluate((box) => (box as unknown as { clientHeight: number }).clientHeight);
  expect(await height()).toBeLessThanOrEqual(1);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.keyboard.type('app:acme-api');
  await page.keyboard.press('Enter');
  await filterIs(page, 'app:acme-api');
  await page.keyboard.press('Escape');
  await expect.poll(height).toBeGreaterThan(30);
  expect(await searchBox(page).inputValue()).toBe('app:acme-api');
  expect(faults).toEqual([]);
});

test('the suggestions lead to the filter language', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  await searchBox(page).fill('res');
  await page.getByText('Filter language').click();
  await page.getByRole('heading', { name: 'Filter language' }).waitFor();
});
