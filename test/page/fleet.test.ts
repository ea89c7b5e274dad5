/** The Fleet page beside a real hub: trouble first, rows that lead on and stand still, and what it says where there is nothing to show. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startGate } from '../support/gate.ts';
import { FLY, tellFleet } from './fleet-story.ts';
import { launchBrowser, openPage, setupHub, type TestHub, type TestPage } from './setup.ts';

let browser: Browser;
let hub: TestHub;
/** Loaded anew for each test, in one window: its second load takes half of the first. */
let view: TestPage;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await tellFleet(hub.url);
  view = await openPage(browser, hub.url, { path: 'fleet', width: 1440 });
  page = view.page;
}, 400_000);

afterEach(() => expect(view.faults.splice(0)).toEqual([]));

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await browser?.close();
});

const row = (page: Page, name: string) => page.locator('.fleet-row', { has: page.getByText(name, { exact: true }) });
const names = (page: Page) => page.locator('.fleet-row:not(.fleet-machine) .fleet-link').allInnerTexts();
const groups = (page: Page) => page.locator('.fleet-group').allInnerTexts();

async function openFleet(path = 'fleet'): Promise<void> {
  await page.goto(`${hub.url}/ui/${path}`);
  await row(page, 'db-01').waitFor();
}

test('trouble stands first, each with its reason, and the rail says how much of it there is', async () => {
  await openFleet();
  expect(await groups(page)).toEqual(['Down 1', 'Needs attention 3', 'Fine 4']);
  expect((await names(page)).slice(0, 4)).toEqual(['backup-nbg', expect.any(String), expect.any(String), 'edge-01']);
  expect((await names(page)).slice(4)).toEqual(['acme-web', 'build-01', 'mail-01', 'metrics-01']);
  expect(await row(page, 'db-01').innerText()).toMatch(/VPS · Debian 12 · 4 cores, 16 GB\s+Disk \/ 96% and rising/);
  expect(await row(page, 'backup-nbg').innerText()).toContain('No report for 4 h 33 min');
  expect(await row(page, 'edge-01').locator('.fleet-seen').innerText()).toBe('3 min ago');
  expect(await page.locator('.fleet-totals').innerText()).toMatch(
    /^down\s+1\s+need attention\s+3\s+fine\s+4\s+machines running\s+2 of 3\s/,
  );
  expect(await page.getByRole('link', { name: /^Fleet/ }).innerText()).toMatch(/Fleet\s*4/);
});

test('a row shows how the host is and how it went; only the figure that is wrong has a colour', async () => {
  await openFleet();
  const db = row(page, 'db-01');
  expect(await db.locator('.fleet-figure').allInnerTexts()).toEqual([expect.stringMatching(/^4\d%$/), '71%', '96%']);
  expect(await db.locator('.is-down > .fleet-value').allInnerTexts()).toEqual(['96%']);
  expect(await db.locator('.fleet-spark-line').count()).toBeGreaterThanOrEqual(2);
  expect(
    await db
      .getByRole('img', { name: /^Last 20 checks: \d failed/ })
      .locator('.is-down')
      .count(),
  ).toBeGreaterThan(0);
  expect(await row(page, 'mail-01').getByRole('img', { name: 'Last 20 checks: all passed' }).count()).toBe(1);
  // What it was before it died is no figure of now.
  expect(await row(page, 'backup-nbg').locator('.fleet-figure').allInnerTexts()).toEqual(['–', '–', '–']);
});

describe('a row leads on', () => {
  test('a host to its page', async () => {
    await openFleet();
    await row(page, 'mail-01').click();
    await page.getByRole('heading', { name: 'mail-01' }).waitFor();
    expect(page.url()).toBe(`${hub.url}/ui/fleet?host=mail-01`);
    expect(await page.title()).toBe('mail-01 · Flywatch');
    await page.keyboard.press('Escape');
    await row(page, 'db-01').waitFor();
    expect(await page.title()).toBe('Fleet · Flywatch');
  });

  test('a host to its page, which leads back to the search that it was found by', async () => {
    await openFleet('fleet?q=d&kind=vps&hours=6');
    await row(page, 'db-01').click();
    await page.getByRole('button', { name: '24 h', exact: true }).click();
    await page.keyboard.press('Escape');
    await row(page, 'db-01').waitFor();
    expect(page.url()).toBe(`${hub.url}/ui/fleet?q=d&kind=vps&hours=6`);
  });

  test('an app on Fly to its lines, and a machine of it to those of the machine', async () => {
    await openFleet();
    await row(page, 'acme-worker').locator('.fleet-link').click();
    await page.locator('.list-row', { hasText: 'heap out of memory' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('app:acme-worker');
    await page.goBack();
    const machine = row(page, FLY.killed.slice(0, 8));
    expect(await machine.innerText()).toContain('Killed for memory, exit 137');
    await machine.locator('.fleet-link').click();
    await page.locator('.list-row', { hasText: 'heap out of memory' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe(`app:acme-worker instance:${FLY.killed}`);
    expect(await page.locator('.list-row', { hasText: 'job done' }).count()).toBe(0);
  });

  test('machines of an app that is fine unfold when they are asked for', async () => {
    await openFleet();
    expect(await row(page, FLY.web.slice(0, 8)).count()).toBe(0);
    await page.getByRole('button', { name: 'Machines of acme-web' }).click();
    expect(await row(page, FLY.web.slice(0, 8)).innerText()).toContain('Running');
  });

  test('without a mouse: j, k and Enter', async () => {
    await openFleet();
    const focused = () => page.evaluate('document.activeElement.innerText');
    await page.keyboard.press('j');
    expect(await focused()).toBe('backup-nbg');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await focused()).toBe('backup-nbg');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'backup-nbg' }).waitFor();
  });
});

test('the palette finds a host, with its trouble', async () => {
  await openFleet();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Command/ }).fill('db-0');
  const option = page.getByRole('option', { name: /^db-01/ });
  await option.waitFor();
  expect(await option.locator('.palette-hint.is-down').innerText()).toMatch(/^Disk \/ 96% and rising/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'db-01' }).waitFor();
});

test('what the hub could not tell in time is said where no row moves for it', async () => {
  await openFleet();
  const top = async () => (await row(page, 'backup-nbg').boundingBox())!.y;
  const whole = await top();
  await page.route(/\/api\/fleet\/overview/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), complete: false, missing: ['sparks'] } });
  });
  // Another question is asked at once.
  await page.getByRole('button', { name: '6 h', exact: true }).click();
  await page.locator('.fleet-updated', { hasText: 'Incomplete' }).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  expect(await page.locator('.fleet-updated').innerText()).toMatch(/Incomplete\s+without curves/);
  expect(await top()).toBe(whole);
});

test('search, kind and range are in the address, and it opens with them', async () => {
  await openFleet();
  await page.keyboard.press('/');
  await page.keyboard.type('postgres');
  await row(page, 'mail-01').waitFor({ state: 'detached' });
  expect(await names(page)).toEqual(['db-01']);
  await page.getByRole('button', { name: '6 h', exact: true }).click();
  await page.getByRole('columnheader', { name: 'Errors, 6 h' }).waitFor();
  expect(page.url()).toBe(`${hub.url}/ui/fleet?q=postgres&hours=6`);
  await page.getByRole('searchbox').fill('no such host');
  await page.getByRole('heading', { name: 'No host or app matches' }).waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await row(page, 'mail-01').waitFor();
  await page.goto(`${hub.url}/ui/fleet?kind=fly`);
  await row(page, 'acme-web').waitFor();
  expect(await row(page, 'db-01').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Fly apps 2' }).getAttribute('aria-pressed')).toBe('true');
});

test('a row does not move away under the pointer; once it has left, trouble rises', async () => {
  await using own = await setupHub();
  const report = (vps: string, memory: number) => ({ vps_name: vps, app_name: 'ops', memory_percent: memory });
  const send = (rows: object[]) =>
    fetch(`${own.url}/ingest/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    });
  await send([report('aa', 40), report('bb', 40), report('cc', 40)]);
  await using view = await openPage(browser, own.url, { path: 'fleet', width: 1440 });
  const { page } = view;
  await row(page, 'cc').waitFor();
  const point = async () => {
    const box = (await row(page, 'bb').boundingBox())!;
    await page.mouse.move(box.x + 500 + Math.random() * 20, box.y + 20);
  };
  await point();
  const pointing = setInterval(() => void point(), 500);
  try {
    await send([report('cc', 99)]);
    await row(page, 'cc').getByText('Memory 99%').waitFor();
    expect(await names(page)).toEqual(['aa', 'bb', 'cc']);
  } finally {
    clearInterval(pointing);
  }
  await page.mouse.move(5, 5);
  await expect.poll(() => names(page)).toEqual(['cc', 'aa', 'bb']);
  expect(await groups(page)).toEqual(['Needs attention 1', 'Fine 2']);
});

test('names, reasons and addresses of hosts are text, whatever is in them', async () => {
  await using own = await setupHub();
  const vps_name = '<img src=x onerror="window.pwned = 1">\u202egnp.exe\u0007';
  const response = await fetch(`${own.url}/ingest/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      { vps_name, app_name: '<b>app</b>', cpu_percent: 3, figures: { system: { os: '<script>' } } },
    ]),
  });
  expect(response.status).toBe(200);
  await using view = await openPage(browser, own.url, { path: 'fleet', width: 1440 });
  const { page } = view;
  const link = page.locator('.fleet-link');
  await link.waitFor();
  expect(await link.textContent()).toBe('<img src=x onerror="window.pwned = 1">U+202Egnp.exe␇');
  await link.click();
  await page.locator('.host-name').waitFor();
  expect(await page.locator('.host-name').textContent()).toBe('<img src=x onerror="window.pwned = 1">U+202Egnp.exe␇');
  expect(await page.evaluate('window.pwned')).toBeUndefined();
  expect(await page.locator('main img').count()).toBe(0);
  expect(view.faults).toEqual([]);
});

describe('where there is nothing to show', () => {
  test('a hub to which nothing has come leads to Connect', async () => {
    await using own = await setupHub();
    await using view = await openPage(browser, own.url, { path: 'fleet' });
    await view.page.getByRole('heading', { name: 'Nothing is connected yet' }).waitFor();
    await view.page.getByRole('link', { name: 'Connect a source' }).click();
    await view.page.getByRole('heading', { name: 'Choose the organization' }).waitFor();
  });

  test('a hub that has gone leaves the rows, says how old they are, and takes up again', async () => {
    const gate = await startGate(hub.port);
    await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, {
      path: 'fleet',
      expectedFailures: /./,
    });
    await row(view.page, 'db-01').waitFor();
    gate.shut();
    // Another question is asked at once.
    await view.page.getByRole('button', { name: '6 h', exact: true }).click();
    await view.page.getByText(/What you see is from/).waitFor();
    expect(await view.page.locator('.fleet-summary').innerText()).toContain('Offline');
    expect(await row(view.page, 'db-01').count()).toBe(1);
    gate.open();
    await view.page.getByRole('button', { name: 'Try now' }).click();
    await view.page.getByText(/What you see is from/).waitFor({ state: 'detached' });
    await gate.close();
  });
});

test('a phone has a card for each that is in trouble, and its search opens when it is asked for', async () => {
  await using view = await openPage(browser, hub.url, { path: 'fleet', phone: true });
  const { page } = view;
  expect(await row(page, 'db-01').innerText()).toMatch(/db-01.*Disk \/ 96%.*71%.*96%/s);
  expect(await row(page, 'db-01').locator('.fleet-errors').getAttribute('data-label')).toBe('Errors, 1 h');
  expect(await row(page, 'acme-worker').innerText()).toContain('1 of 2');
  expect(await row(page, 'backup-nbg').locator('.fleet-seen').innerText()).toBe('4 h 33 min ago');
  expect(await page.getByRole('searchbox').isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByRole('searchbox').fill('edge');
  await row(page, 'db-01').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Close the search' }).click();
  await row(page, 'db-01').waitFor();
  expect(await page.getByRole('navigation', { name: 'Places' }).innerText()).toMatch(/^Live\s+Fleet\s.*More$/s);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('heading', { name: 'This browser' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(view.faults).toEqual([]);
});
