/** Patterns in the place of lines: what they are made of, what has changed in them, and the way from one to its lines. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { filterIs, type Line, lines, openLive, searchBox, waitForMessage } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const MINUTE_MS = 60_000;
const HOSTILE = '<img src=x onerror=alert(1)>';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  const some = (count: number, line: (i: number) => Line) => Array.from({ length: count }, (_, i) => line(i));
  await hub.post(
    lines(
      ...some(40, (i) => ({ message: `request ${i + 100} completed in ${i * 7} ms`, agoMs: 20 * MINUTE_MS })),
      ...some(5, (i) => ({ message: `backup ${i + 10} written`, agoMs: 20 * MINUTE_MS })),
      ...some(2, (i) => ({ message: `pool is slow: waited ${i + 900} ms`, level: 'warn', agoMs: 20 * MINUTE_MS })),
      ...some(30, (i) => ({ message: `request ${i + 300} completed in ${i * 5} ms`, agoMs: MINUTE_MS })),
      ...some(12, (i) => ({ message: `pool is slow: waited ${i + 700} ms`, level: 'warn', agoMs: MINUTE_MS })),
      ...some(6, (i) => ({ message: `card ${i + 4000} declined ${HOSTILE}`, level: 'error', agoMs: MINUTE_MS })),
    ),
  );
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await browser?.close();
});

/** Heading of a group, then its patterns. */
const groupRows = (page: Page, name: string) =>
  page.getByRole('region', { name, exact: true }).locator('.pattern-row').allTextContents();

test('p shows patterns by what has changed since the stretch before, with counts, level and times', async () => {
  await using opened = await openLive(browser, hub.url, { width: 1440 });
  const { page, faults } = opened;
  await waitForMessage(page, 'declined');
  await page.keyboard.press('p');
  await page.waitForURL(/show=patterns/);
  await page.getByText('4 patterns').waitFor();
  expect(await page.locator('.patterns-head p').first().textContent()).toBe(
    '4 patterns in 48 lines·compared with 47 lines of the 15 min before',
  );
  expect(await groupRows(page, 'New')).toEqual([
    expect.stringMatching(
      /^6 lines, before 0ERRcard <\*> declined <img src=x onerror=alert\(<\*>\)>(\d\d:\d\d:\d\d){2}$/,
    ),
  ]);
  expect(await groupRows(page, 'Grown')).toEqual([expect.stringMatching(/^12 lines, before 2WRNpool is slow: waited/)]);
  expect(await groupRows(page, 'Gone')).toEqual([expect.stringMatching(/^0 lines, before 5INFbackup <\*> written/)]);
  expect(await groupRows(page, 'As before')).toEqual([
    expect.stringMatching(/^30 lines, before 40INFrequest <\*> completed/),
  ]);
  expect(await page.locator('img').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('a pattern that is pressed becomes the search, beside what stood there, and Back leads to the patterns', async () => {
  await using opened = await openLive(browser, hub.url, { path: '?q=level:>=warn&show=patterns', width: 1440 });
  const { page, faults } = opened;
  await page.getByText('2 patterns').waitFor();
  // The first row is the new one; j goes to it, Enter presses it.
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await filterIs(page, 'level:>=warn "pool is slow: waited"');
  await waitForMessage(page, 'pool is slow: waited 711 ms');
  expect(await searchBox(page).inputValue()).toBe('level:>=warn "pool is slow: waited"');
  await page.goBack();
  await page.getByText('2 patterns').waitFor();
  expect(faults).toEqual([]);
});

test('what cannot be shown says why, and what leads on', async () => {
  await using opened = await openLive(browser, hub.url, {
    path: '?q=status:%3E&show=patterns',
    expectedFailures: /400|ERR_FAILED|ERR_INTERNET/,
  });
  const { page } = opened;
  await page.getByRole('heading', { name: 'The filter cannot be read' }).waitFor();
  await page.locator('.notice').getByRole('button', { name: 'Clear the filter' }).click();
  await page.getByText('4 patterns').waitFor();
  await page.goto(`${hub.url}/ui/?q=nothing-like-it&show=patterns`);
  await page.getByRole('heading', { name: 'No line matches' }).waitFor();
  await page.route('**/logs/patterns*', (route) => route.abort());
  await page.goto(`${hub.url}/ui/?show=patterns`);
  await page.getByRole('heading', { name: 'The patterns could not be read' }).waitFor();
  await page.unroute('**/logs/patterns*');
  await page.getByRole('button', { name: 'Try now' }).click();
  await page.getByText('4 patterns').waitFor();
});

test.each([
  { look: 'dark', theme: 'dark', phone: false },
  { look: 'light on a phone', theme: 'light', phone: true },
] as const)('$look: patterns stand in nobody’s way', async ({ theme, phone }) => {
  await using opened = await openLive(browser, hub.url, { theme, phone });
  const { page, faults } = opened;
  await page.getByRole('group', { name: 'Show' }).getByRole('button', { name: 'Patterns' }).click();
  await page.getByText('4 patterns').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(faults).toEqual([]);
});
