/** A store that is away: the page says so, shows nothing that is not so, and comes back by itself. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { lines, seen } from './list-view.ts';
import { launchBrowser, openPage, setupHub, type TestHub } from './setup.ts';

let browser: Browser;
let postgres: PostgresServer;
let hub: TestHub;

beforeAll(async () => {
  [browser, postgres] = await Promise.all([launchBrowser(), startPostgres()]);
  hub = await setupHub({ DATABASE_URL: await postgres.createDatabase() });
}, 400_000);

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
  await postgres?.remove();
});

const UNAVAILABLE = /503/;

test('Live, Fleet and Status say that it is away; its lines appear without a reload once it is back', async () => {
  await hub.post(lines(0, 20));
  await postgres.stop();
  await using view = await openPage(browser, hub.url, { expectedFailures: UNAVAILABLE });
  const { page } = view;
  await page.getByRole('heading', { name: 'The search did not finish' }).waitFor();
  await page.getByText('It is tried again every 5 s').waitFor();
  await page.locator('.follow-word', { hasText: 'Stopped' }).waitFor();

  await using other = await openPage(browser, hub.url, { path: 'status', expectedFailures: UNAVAILABLE });
  await other.page.locator('.strip', { hasText: /The store is away: ./ }).waitFor();
  await other.page.keyboard.press('Shift+F');
  await other.page.getByRole('heading', { name: 'The fleet is not known now' }).waitFor();

  await postgres.start();
  await seen(view, 'line 19');
  await page.locator('.follow-word', { hasText: 'Live' }).waitFor();
  expect([...view.faults, ...other.faults]).toEqual([]);
});
