/** The drawer with one line, its fields, what stands around it, and how it came; and the download beside it. */

import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterIs, lines, openLive, searchBox } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

let browser: Browser;
let hub: TestHub;
/** Id of the line that the tests open. */
let declined: string;
const came = { user: { id: 42 }, [HOSTILE]: HOSTILE, status: 502, request_id: 'r-1' };

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await hub.post(
    lines(
      { message: 'order opened', app: 'api', instance: 'm1', agoMs: 62_500, request_id: 'r-1' },
      { message: 'elsewhere', app: 'api', instance: 'm2', agoMs: 61_000 },
      { message: 'card declined', level: 'error', app: 'api', instance: 'm1', agoMs: 60_000, ...came },
      { message: 'order closed', app: 'api', instance: 'm1', agoMs: 58_956 },
    ),
  );
  const answer = await fetch(`${hub.url}/logs/history?q=declined`);
  declined = ((await answer.json()) as { logs: { id: string }[] }).logs[0]!.id;
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

test('a link opens at its line: message, origin and fields, and Only on a field becomes the filter', async () => {
  await using opened = await openLive(browser, hub.url, { path: `?line=${declined}`, width: 1440 });
  const { page, faults } = opened;
  const drawer = page.getByRole('complementary', { name: 'Line' });
  await drawer.locator('.drawer-message', { hasText: 'card declined' }).waitFor();
  expect(await drawer.locator('.drawer-chip').allTextContents()).toEqual(['api', 'm1', 'app']);
  expect(await drawer.locator('.drawer-bar').textContent()).toMatch(/^ERROR\d\d:\d\d:\d\d\.\d{3}.* ago$/);
  expect(await drawer.locator('.fw-tree').textContent()).toContain(HOSTILE);
  expect(await page.locator('img').count()).toBe(0);

  await drawer.getByText('502', { exact: true }).first().hover();
  await drawer.getByRole('button', { name: 'Only 502' }).click();
  await filterIs(page, 'status:502');
  expect(await searchBox(page).inputValue()).toBe('status:502');
  await drawer.getByText('42', { exact: true }).first().hover();
  await drawer.getByRole('button', { name: 'Not 42' }).click();
  await filterIs(page, 'status:502 -user.id:42');
  // The same by keys, on the value under the pointer.
  await drawer.getByText('502', { exact: true }).first().hover();
  await page.keyboard.press('x');
  await filterIs(page, '-user.id:42 -status:502');
  await page.keyboard.press('i');
  await filterIs(page, '-user.id:42 status:502');

  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  expect(new URL(page.url()).searchParams.get('line')).toBeNull();
  expect(faults).toEqual([]);
});

test('context shows the way to each line of the same instance, app or request; one that is pressed opens', async () => {
  await using opened = await openLive(browser, hub.url, { path: `?line=${declined}&tab=context`, width: 1440 });
  const { page, faults } = opened;
  const around = async () =>
    (await page.locator('.drawer-line').allTextContents()).map((text) => text.replace(/(?:INF|ERR)/, ' '));
  await page.getByText('1 before, 1 after').waitFor();
  expect(await around()).toEqual([
    expect.stringMatching(/^-2\.500 s order opened/),
    expect.stringMatching(/^\d\d:\d\d:\d\d card declined/),
    expect.stringMatching(/^\+1\.044 s order closed/),
  ]);
  expect(await page.locator('.drawer-line.is-here').textContent()).toContain('card declined');

  const scopes = page.getByRole('group', { name: 'Lines of the same' });
  await scopes.getByRole('button', { name: 'App' }).click();
  await page.getByText('2 before, 1 after').waitFor();
  expect((await around())[1]).toMatch(/^-1\.000 s elsewhere/);
  await scopes.getByRole('button', { name: 'Request' }).click();
  await page.getByText('1 before, 0 after').waitFor();

  await page.locator('.drawer-line', { hasText: 'order opened' }).click();
  await page.locator('.drawer-message', { hasText: 'order opened' }).waitFor();
  await page.goBack();
  await page.locator('.drawer-message', { hasText: 'card declined' }).waitFor();
  expect(faults).toEqual([]);
});

test('raw is what came, set out or as it was', async () => {
  await using opened = await openLive(browser, hub.url, { path: `?line=${declined}`, width: 1440 });
  const { page } = opened;
  await page.getByRole('tab', { name: 'Fields' }).focus();
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL(/tab=raw/);
  await page.getByRole('button', { name: 'As it came' }).click();
  const shown = await page.locator('.drawer-raw').textContent();
  expect(JSON.parse(shown!)).toMatchObject({ message: 'card declined', ...came });
  expect(shown).not.toContain('\n');
  await page.getByRole('button', { name: 'Pretty' }).click();
  expect(await page.locator('.drawer-raw').textContent()).toContain('\n  "user": {\n    "id": 42\n  }');
});

test('a link to a line that the hub has no more says so', async () => {
  await using opened = await openLive(browser, hub.url, {
    path: `?line=00000000001-${declined.split('-')[1]}`,
    expectedFailures: /404/,
  });
  const { page, faults } = opened;
  await page.getByRole('heading', { name: 'This line is gone' }).waitFor();
  await page.getByRole('complementary', { name: 'Line' }).getByRole('button', { name: 'Close', exact: true }).click();
  await page.waitForURL((url) => url.search === '');
  expect(faults).toEqual([]);
});

test('Open in the stream shows all lines around it', async () => {
  await using opened = await openLive(browser, hub.url, { path: `?q=declined&line=${declined}`, width: 1440 });
  const { page } = opened;
  await page.getByRole('button', { name: 'Open in the stream' }).click();
  await page.waitForURL(/from=.*to=/);
  expect(new URL(page.url()).searchParams.get('q')).toBeNull();
  await page.getByRole('grid', { name: 'Lines' }).getByText('elsewhere').waitFor();
});

test('the lines of the view are downloaded, filter and all', async () => {
  await using opened = await openLive(browser, hub.url, { path: '?q=order' });
  const { page } = opened;
  await page.getByRole('button', { name: 'Download these lines' }).click();
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name: /^NDJSON/ }).click();
  const download = await begun;
  const text = await readFile(await download.path(), 'utf8');
  const messages = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).message);
  expect(messages).toEqual(['order opened', 'order closed']);
});
