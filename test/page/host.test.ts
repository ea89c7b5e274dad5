/** The page of a host beside a real hub: one time axis for its charts and its lines. */

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { OUTAGE, tellFleet } from './fleet-story.ts';
import { launchBrowser, openPage, setupHub, type TestHub, type TestPage } from './setup.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let browser: Browser;
let hub: TestHub;
/** Loaded anew for each test, in one window: its second load takes half of the first. */
let view: TestPage;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await tellFleet(hub.url);
  view = await openPage(browser, hub.url, { path: 'fleet', width: 1440, height: 900 });
  page = view.page;
}, 400_000);

afterEach(() => expect(view.faults.splice(0)).toEqual([]));

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await browser?.close();
});

async function openHost(): Promise<void> {
  // A pointer that the test before left on the charts would be a crosshair.
  await page.mouse.move(5, 5);
  await page.goto(`${hub.url}/ui/fleet?host=db-01`);
  await drawn(page);
}

const drawn = (page: Page) => page.locator('.host-plot-lines canvas').first().waitFor();

const chart = (page: Page, name: string) =>
  page.locator('.host-chart', { has: page.getByRole('heading', { name, exact: true }) });

/** Where on the charts a moment is that is so long ago; of a range that ends now. */
async function pointOf(page: Page, agoMs: number, rangeMs = HOUR): Promise<readonly [x: number, y: number]> {
  const { x, y, width } = (await page.locator('.host-over').boundingBox())!;
  return [x + width * (1 - agoMs / rangeMs), y + 40];
}

const query = (page: Page) => new URL(page.url()).searchParams;

test.each([
  { look: 'wide', phone: false },
  { look: 'on a phone', phone: true },
])('$look: what is known of the host late does not move its charts', async ({ phone }) => {
  await using slow = await openPage(browser, hub.url, { path: 'settings', phone });
  await slow.page.route('**/api/fleet/overview*', async (route) => {
    await slow.page.waitForTimeout(400);
    await route.continue();
  });
  await slow.page.goto(`${hub.url}/ui/fleet?host=db-01`);
  await drawn(slow.page);
  await slow.page.locator('.host-line').first().waitFor();
  expect(await slow.layoutShift()).toBe(0);
});

test('what the agent sent is there: figures, what they are of, and the facts of the host', async () => {
  await openHost();
  const reads = (place: Locator, text: RegExp) => expect.poll(() => place.innerText()).toMatch(text);
  // Charts, reasons and facts are asked for apart: each comes when it comes.
  await expect
    .poll(() => page.locator('.host-label > h2').allInnerTexts())
    .toEqual(['CPU', 'Memory', 'Disk', 'Load', 'Network', 'Health check', 'Availability', 'Logs']);
  await reads(chart(page, 'Memory').locator('.host-label'), /^Memory\s+71%\s+11.4 of 16 GB$/);
  await reads(chart(page, 'Disk').locator('.host-label'), /^Disk\s+96.0%\s+\/, 76.8 of 80 GB$/);
  expect(await chart(page, 'Load').locator('.host-threshold').count()).toBe(1);
  await reads(chart(page, 'Availability'), /8\d\.\d%\s+7 checks failed/);
  await reads(page.locator('.host-reason'), /Disk \/ 96% and rising/);
  await reads(
    page.locator('.host-facts'),
    /VPS\s+Debian 12, kernel 6.1\s+4 cores, 16 GB\s+Up 41 days\s+Agent 1.0.0\s+Apps postgres\s+Reported/,
  );
});

test('what is wrong with it stands above the charts and pushes nothing down, however late it is known', async () => {
  await using late = await openPage(browser, hub.url, { path: 'settings', width: 1440, height: 900 });
  await late.page.route('**/api/fleet/overview*', async (route) => {
    await late.page.waitForTimeout(1000);
    await route.continue();
  });
  await late.page.goto(`${hub.url}/ui/fleet?host=db-01`);
  await drawn(late.page);
  await late.page.locator('.host-reason').waitFor();
  expect(await late.layoutShift()).toBeLessThan(0.01);
  await late.page.unrouteAll({ behavior: 'wait' });
});

test('the lines of the charts are drawn, with a hole where nothing was reported, and the hole says how long it is', async () => {
  await openHost();
  const inks = (await page.evaluate(`(() => {
    const canvas = document.querySelector('.host-chart canvas');
    const { data, width, height } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: width }, (_, x) => {
      for (let y = 0; y < height; y++) if (data[4 * (y * width + x) + 3] > 0) return true;
      return false;
    });
  })()`)) as boolean[];
  const inkAt = (agoMs: number) => inks[Math.round((1 - agoMs / HOUR) * inks.length)];
  expect([inkAt(OUTAGE.fromMs + 4 * MINUTE), inkAt((OUTAGE.fromMs + OUTAGE.toMs) / 2), inkAt(6 * MINUTE)]).toEqual([
    true,
    false,
    true,
  ]);
  expect(await page.locator('.host-shade').allInnerTexts()).toEqual(['down 7 min']);
  expect(await chart(page, 'Disk').locator('.host-scale').innerText()).toBe('100%, scale from 84');
});

describe('the crosshair', () => {
  test('goes through all charts, reads each of them, and the lines follow it', async () => {
    await openHost();
    await page.mouse.move(...(await pointOf(page, 14 * MINUTE)));
    await page.locator('.host-line[aria-current]', { hasText: /could not extend|archive command/ }).waitFor();
    expect(await page.locator('.host-crosshair').count()).toBe(1);
    expect(await chart(page, 'CPU').locator('.host-read-out').innerText()).toBe('no report');
    expect(await chart(page, 'Health check').locator('.host-read-out').innerText()).toBe('failed');
    const time = await page.locator('.host-axis b').innerText();
    expect(await page.getByRole('heading', { name: `Logs at ${time}` }).count()).toBe(1);
    await page.mouse.move(...(await pointOf(page, 40 * MINUTE)));
    await page.locator('.host-line[aria-current]', { hasText: 'checkpoint complete' }).waitFor();
    expect(await chart(page, 'Memory').locator('.host-read-out').innerText()).toMatch(/^7\d%$/);
    await page.mouse.move(5, 5);
    await page.getByRole('heading', { name: 'Newest logs' }).waitFor();
  });

  test('stays where it is pinned, in the address too, and its time opens in Live', async () => {
    await openHost();
    await page.mouse.click(...(await pointOf(page, 14 * MINUTE)));
    await page.mouse.move(5, 5);
    await page.getByRole('button', { name: 'Unpin' }).waitFor();
    expect(Date.now() - Date.parse(query(page).get('at')!)).toBeGreaterThan(13 * MINUTE);
    await page.reload();
    await page.locator('.host-line[aria-current]', { hasText: /could not extend|archive command/ }).waitFor();
    await page.getByRole('link', { name: 'Open in Live' }).click();
    await page.locator('.list-row.is-open', { hasText: /could not extend|archive command/ }).waitFor();
    expect(query(page).get('q')).toBe('host:db-01');
  });

  test('is moved with arrows, and what it reads is said', async () => {
    await openHost();
    await page.locator('.host-over').focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
    const said = await page.locator('.host-over').getAttribute('aria-valuetext');
    expect(said).toMatch(/CPU \d+% · wait .*Memory 7\d%.*Health check 1\d ms/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Unpin' }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Pin time' }).waitFor();
    expect(query(page).get('at')).toBeNull();
  });
});

test('dragging zooms all of it, Back leads back, and the chip closes it', async () => {
  await openHost();
  const drag = async () => {
    await page.mouse.move(...(await pointOf(page, 30 * MINUTE)));
    await page.mouse.down();
    const [x, y] = await pointOf(page, 10 * MINUTE);
    await page.mouse.move(x, y, { steps: 3 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Leave this part of the time' }).waitFor();
  };
  await drag();
  const length = Date.parse(query(page).get('to')!) - Date.parse(query(page).get('from')!);
  expect(Math.abs(length - 20 * MINUTE)).toBeLessThan(MINUTE);
  await page
    .getByText('lines in 20 min')
    .or(page.getByText(/lines in (?:19|20) min \d+ s/))
    .waitFor();
  await page.keyboard.press('Backspace');
  await page.getByText('lines in 1 h').waitFor();
  expect(query(page).get('from')).toBeNull();
  await drag();
  await page.getByRole('button', { name: 'Leave this part of the time' }).click();
  await page.getByText('lines in 1 h').waitFor();
});

test('each range is a link, up to the 90 days that figures are kept', async () => {
  await openHost();
  for (const [name, words] of [
    ['24 h', 'lines in 24 h'],
    ['90 d', 'lines in 90 days'],
  ] as const) {
    const answered = page.waitForResponse((response) => response.url().includes('/series'));
    await page.getByRole('button', { name, exact: true }).click();
    expect((await answered).status()).toBe(200);
    await page.getByText(words).waitFor();
  }
  expect(query(page).get('range')).toBe('90d');
  await page.reload();
  await page.getByText('lines in 90 days').waitFor();
  expect(await page.getByRole('button', { name: '90 d', exact: true }).getAttribute('aria-pressed')).toBe('true');
});

test('a host that nothing is known of is said to be unknown', async () => {
  await page.goto(`${hub.url}/ui/fleet?host=..%2F..%3Cb%3E`);
  await page.getByRole('heading', { name: 'Nothing is known of this host' }).waitFor();
  expect(await page.locator('.host-name').innerText()).toBe('../..<b>');
  await page.getByRole('link', { name: 'Show the fleet' }).click();
  await page.getByRole('columnheader', { name: 'Host or app' }).waitFor();
});

test('a host whose name is a step in an address is said to have no page', async () => {
  await page.goto(`${hub.url}/ui/fleet?host=..&hours=6`);
  await page.getByRole('heading', { name: 'This host has no page' }).waitFor();
  expect(await page.getByRole('link', { name: 'Show the fleet' }).getAttribute('href')).toBe('/ui/fleet?hours=6');
});

test('charts are loaded when a host is opened, and not before', async () => {
  await using view = await openPage(browser, hub.url, { path: 'fleet', width: 1440 });
  const { page } = view;
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(request.url()));
  await page.getByRole('link', { name: 'mail-01' }).waitFor();
  expect(
    await page.evaluate("performance.getEntriesByType('resource').some(({ name }) => name.includes('HostPage'))"),
  ).toBe(false);
  await page.getByRole('link', { name: 'mail-01' }).click();
  await page.locator('.host-plot-lines canvas').first().waitFor();
  expect(loaded.some((url) => url.includes('HostPage'))).toBe(true);
});

test('on a phone the charts stand above the lines, and a finger moves the crosshair', async () => {
  await using view = await openPage(browser, hub.url, { path: 'fleet?host=db-01', phone: true });
  const { page } = view;
  await drawn(page);
  const [x, y] = await pointOf(page, 14 * MINUTE);
  await page.touchscreen.tap(x, y);
  await page.getByRole('button', { name: 'Unpin' }).waitFor();
  expect(await chart(page, 'CPU').locator('.host-read-out').innerText()).toBe('no report');
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(view.faults).toEqual([]);
});
