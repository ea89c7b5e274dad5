/** The histogram of the page: counts, zooming, and what it draws. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterIs, lines, openLive, searchBox } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

let browser: Browser;
let hub: TestHub;

const MINUTE = 60_000;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  const at = (minutes: number, level: string, count: number) =>
    Array.from({ length: count }, () => ({ message: `${level} line`, level, agoMs: minutes * MINUTE }));
  await hub.post(lines(...at(3, 'info', 20), ...at(3, 'error', 10), ...at(8, 'info', 40), ...at(12, 'debug', 5)));
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

const legend = (page: Page) => page.getByRole('list', { name: 'Levels' }).getByRole('button').allTextContents();

const plot = (page: Page) => page.getByRole('slider', { name: /^Lines over time/ });

/** Drags over a part of the chart: from and to as shares of its width. */
async function drag(page: Page, from: number, to: number): Promise<void> {
  const { x, y, width } = (await plot(page).boundingBox())!;
  await page.mouse.move(x + from * width, y + 20);
  await page.mouse.down();
  await page.mouse.move(x + (to - 0.01) * width, y + 30, { steps: 4 });
  await page.mouse.move(x + to * width, y + 30);
}

test('the legend has exact counts, and a level that is pressed goes from the filter and comes back', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await page.getByRole('button', { name: 'Error 10' }).waitFor();
  expect(await legend(page)).toEqual(['Fatal 0', 'Error 10', 'Warn 0', 'Info 60', 'Debug 5']);

  await page.getByRole('button', { name: 'Info 60' }).click();
  await filterIs(page, '-level:info');
  expect(await searchBox(page).inputValue()).toBe('-level:info');
  await page.getByText('15 of 75 lines match').waitFor();
  // What is hidden is counted all the same.
  expect(await legend(page)).toEqual(['Fatal 0', 'Error 10', 'Warn 0', 'Info 60', 'Debug 5']);
  await page.getByRole('button', { name: 'Info 60' }).click();
  await filterIs(page, '');
  expect(faults).toEqual([]);
});

test('number keys show a level and what is worse, and all again', async () => {
  await using opened = await openLive(browser, hub.url, { path: '?q=line' });
  const { page } = opened;
  await page.keyboard.press('1');
  await filterIs(page, 'line level:>=error');
  await page.keyboard.press('2');
  await filterIs(page, 'line level:>=warn');
  await page.keyboard.press('2');
  await filterIs(page, 'line');
});

test('dragging shows what would be zoomed into, release zooms, Backspace goes back', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await page.getByRole('button', { name: 'Error 10' }).waitFor();
  await drag(page, 0.7, 0.9);
  await page.getByText(/\d\d:\d\d:\d\d – \d\d:\d\d:\d\d · \d min .*· 30 lines · release to zoom/).waitFor();
  expect(await page.locator('.histogram-veil').count()).toBe(2);
  await page.mouse.up();
  await page.waitForURL(/from=.*to=/);
  await page.getByRole('button', { name: 'Info 20' }).waitFor();
  const { searchParams } = new URL(page.url());
  const length = Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!);
  expect(Math.abs(length - 3 * MINUTE)).toBeLessThan(20_000);

  await page.keyboard.press('Backspace');
  await page.waitForURL((url) => url.search === '');
  await page.getByRole('button', { name: 'Info 60' }).waitFor();
  // There is nothing to go back to any more: the page stays.
  await page.keyboard.press('Backspace');
  expect(new URL(page.url()).pathname).toBe('/ui/');
  expect(faults).toEqual([]);
});

test('Escape ends a drag without zooming, and a click does nothing', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  await page.getByRole('button', { name: 'Error 10' }).waitFor();
  await plot(page).focus();
  await drag(page, 0.3, 0.5);
  await page.locator('.histogram-span.is-selecting').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.histogram-span.is-selecting').waitFor({ state: 'detached' });
  await page.mouse.up();
  await plot(page).click();
  expect(new URL(page.url()).search).toBe('');
});

test('arrows read the chart out and select, Enter zooms', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  await page.getByRole('button', { name: 'Error 10' }).waitFor();
  expect(await plot(page).getAttribute('aria-valuetext')).toBe('75 lines, Last 15 min');
  await plot(page).focus();
  await page.keyboard.press('ArrowLeft');
  expect(await plot(page).getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d – \d\d:\d\d:\d\d, 0 lines$/);
  for (let i = 0; i < 48; i++) await page.keyboard.press('Shift+ArrowLeft');
  expect(await plot(page).getAttribute('aria-valuetext')).toMatch(/, 30 lines, 10 error, 20 info$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/from=.*to=/);
});

test('errors stand at the bottom of the bars, drawn as finely as the screen is', async () => {
  await using opened = await openLive(browser, hub.url, { phone: true });
  const { page } = opened;
  await page.getByRole('button', { name: 'Error 10' }).waitFor();
  const seen = (await page.evaluate(`(() => {
    const canvas = document.querySelector('.histogram-bars');
    const { data } = canvas.getContext('2d').getImageData(0, canvas.height - 1, canvas.width, 1);
    const probe = document.createElement('i');
    probe.style.color = 'var(--bar-error)';
    document.body.append(probe);
    const [red, green, blue] = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
    let atBottom = false;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === red && data[i + 1] === green && data[i + 2] === blue) atBottom = true;
    }
    return { atBottom, fineness: canvas.width / canvas.clientWidth };
  })()`)) as { atBottom: boolean; fineness: number };
  expect(seen.atBottom).toBe(true);
  expect(Math.abs(seen.fineness - 2)).toBeLessThan(0.01);
});

test('what arrives grows in without a new page, and nothing moves for it', async () => {
  await using opened = await openLive(browser, hub.url, { width: 1440 });
  const { page, layoutShift } = opened;
  await page.getByRole('button', { name: 'Fatal 0' }).waitFor();
  await hub.post(lines({ message: 'out of memory', level: 'fatal', agoMs: 0 }));
  await page.getByRole('button', { name: 'Fatal 1' }).waitFor();
  expect(await layoutShift()).toBeLessThan(0.01);
});

test('the range and the zone are chosen, typed, and kept', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  await page.getByRole('button', { name: /^Error/ }).waitFor();
  await page.keyboard.press('t');
  await page.getByRole('button', { name: '5 min', exact: true }).click();
  await page.waitForURL(/range=5m/);
  await page.keyboard.press('-');
  await page.waitForURL(/range=10m/);

  await page.keyboard.press('t');
  await page.getByLabel('From', { exact: true }).fill('soon');
  await page.getByRole('button', { name: 'Show this time' }).click();
  await page.getByText('“From” is no time').waitFor();
  await page.getByLabel('From', { exact: true }).fill('10m');
  await page.getByLabel('To', { exact: true }).fill('5m ago');
  await page.getByRole('button', { name: 'Show this time' }).click();
  await page.waitForURL(/from=.*to=/);
  await page.getByRole('button', { name: 'Info 40' }).waitFor();

  await page.keyboard.press('z');
  expect(await page.getByRole('button', { name: 'UTC' }).getAttribute('aria-pressed')).toBe('true');
  await page.reload();
  expect(await page.getByRole('button', { name: 'UTC' }).getAttribute('aria-pressed')).toBe('true');
});
