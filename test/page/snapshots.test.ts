/** Snapshots: taken by hand and by the hub itself, read, and led from into the Live page at that time. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, setupHub } from './setup.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

test('one is taken by hand, opens, has its own address, and is there after a reload', async () => {
  await using hub = await setupHub();
  await hub.post([{ message: 'all is well' }]);
  await using view = await openPage(browser, hub.url, { path: 'snapshots' });
  const { page } = view;
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor();
  await page.getByRole('button', { name: 'Take one now' }).click();
  await page.getByText('By hand: asked for').waitFor();
  await page.getByRole('heading', { name: /^1 line/ }).waitFor();
  expect(new URL(page.url()).search).toMatch(/^\?id=[\w-]+$/);
  await page.reload();
  await page.getByText('By hand: asked for').waitFor();
  expect(await page.getByRole('navigation', { name: 'Snapshots' }).getByRole('link').count()).toBe(1);
  expect(view.faults).toEqual([]);
});

test('errors that pile up make one by themselves, with their texts as text', async () => {
  await using hub = await setupHub({ SNAPSHOT_ERROR_THRESHOLD: '5' });
  const hostile = '<img src=x onerror="window.pwned = 1"> \u001b[31mred\u001b[0m \u202egnp.exe';
  await using view = await openPage(browser, hub.url, { path: 'snapshots' });
  const { page } = view;
  await page.getByRole('heading', { name: 'No snapshot yet' }).waitFor();
  await hub.post(
    Array.from({ length: 12 }, () => ({ message: hostile, level: 'error', app: 'shop', instance: 'i-17' })),
  );
  await expect
    .poll(
      async () => ((await (await fetch(`${hub.url}/snapshots`)).json()) as { snapshots: object[] }).snapshots.length,
    )
    .toBe(1);
  await page.reload();
  await page.getByText(/Error spike: \d+ errors/).waitFor();
  const row = page.locator('.snapshot-error');
  expect(await row.innerText()).toMatch(
    /^\d+ ×\s+<img src=x onerror="window.pwned = 1"> red U\+202Egnp\.exe\s+shop i-17$/,
  );
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await page.locator('main img').count()).toBe(0);
  await row.click();
  await page.locator('.list-row', { hasText: 'gnp.exe' }).first().waitFor();
  expect(new URL(page.url()).pathname).toBe('/ui/');
  expect([...new URL(page.url()).searchParams.keys()]).toEqual(['from', 'to', 'line']);
  expect(view.faults).toEqual([]);
});

test('one that is gone is said to be gone, and the others stay', async () => {
  await using hub = await setupHub();
  await fetch(`${hub.url}/snapshots`, { method: 'POST' });
  await using view = await openPage(browser, hub.url, {
    path: 'snapshots?id=0mwq65v70-5c156fa7df',
    expectedFailures: /404/,
  });
  await view.page.getByRole('heading', { name: 'This snapshot could not be read' }).waitFor();
  await view.page.getByText('(404, unknown_snapshot)').waitFor();
  await view.page.getByRole('navigation', { name: 'Snapshots' }).getByRole('link').click();
  await view.page.getByText('By hand: asked for').waitFor();
});
