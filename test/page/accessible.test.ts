/**
 * Every page for everybody: no violation that axe finds, in both themes, wide and on a phone; nothing that moves by itself while a
 * page loads; a focus that is where it should be. Nothing is fetched from elsewhere on any of them.
 */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { tellFleet } from './fleet-story.ts';
import { launchBrowser, openPage, setupHub, type TestHub } from './setup.ts';

/** What Google's Core Web Vitals call good is 0.1; a page that draws its frame first and fills it has far less. */
const MAX_SHIFT = 0.01;

interface Case {
  readonly name: string;
  readonly path: string;
  /** Resolves when the page is filled. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, exact: true }).waitFor();

const PAGES: readonly Case[] = [
  { name: 'Live', path: '', ready: (page) => page.locator('.list-row', { hasText: 'is full' }).first().waitFor() },
  { name: 'Fleet', path: 'fleet', ready: (page) => page.getByText('metrics-01').waitFor() },
  { name: 'a host', path: 'fleet?host=db-01', ready: (page) => page.locator('.host-line').first().waitFor() },
  { name: 'Snapshots', path: 'snapshots', ready: heading('The hub then') },
  { name: 'Connect', path: 'connect', ready: heading('Choose the organization') },
  {
    name: 'Connect, a VPS',
    path: 'connect',
    ready: async (page) => {
      await page.getByRole('tab', { name: 'A VPS' }).click();
      await page.getByLabel('Name of the host').fill('vps-1');
      await page.getByRole('button', { name: 'Make the command' }).click();
      await page.getByRole('heading', { name: 'Run this on vps-1' }).waitFor();
    },
  },
  { name: 'Status', path: 'status', ready: (page) => page.getByText('SQLite, one file').waitFor() },
  { name: 'Settings', path: 'settings', ready: heading('This browser') },
  { name: 'an address where nothing is', path: 'nowhere', ready: heading('There is no such page') },
];

const DEVICES = [
  { device: 'wide', phone: false },
  { device: 'on a phone', phone: true },
] as const;

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await hub.post([
    { message: 'disk is full', level: 'error', app: 'shop-db', instance: '6e824d1eb19187', region: 'fra' },
    { message: 'disk is nearly full', level: 'warn', app: 'shop-db', instance: '6e824d1eb19187', region: 'fra' },
    { message: '{"level":30,"msg":"request completed","res":{"statusCode":200}}', app: 'shop-api' },
    { message: 'out of memory', level: 'fatal', app: 'shop-worker', instance: '3287ce41' },
  ]);
  await fetch(`${hub.url}/snapshots`, { method: 'POST' });
  await tellFleet(hub.url);
}, 400_000);

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  await browser?.close();
});

describe.each(PAGES)('$name', ({ path, ready }) => {
  test.each(DEVICES)('$device: nothing stands in anybody’s way, and nothing moves by itself', async ({ phone }) => {
    await using view = await openPage(browser, hub.url, { path, phone });
    await ready(view.page);
    expect(await violations(view.page)).toEqual([]);
    expect(await view.layoutShift()).toBeLessThan(MAX_SHIFT);
    expect(await view.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(view.faults).toEqual([]);
  });
});

test.each(DEVICES)('the sign-in page, $device', async ({ phone }) => {
  await using guarded = await setupHub({ AUTH_TOKEN: 'correct-horse-battery' });
  await using view = await openPage(browser, guarded.url, { path: 'status', phone, expectedFailures: /401/ });
  await view.page.getByText('Hub is healthy').waitFor();
  expect(await violations(view.page)).toEqual([]);
  expect(view.faults).toEqual([]);
});

test.each(DEVICES)('the palette and the keys, $device', async ({ phone }) => {
  await using view = await openPage(browser, hub.url, { path: 'settings', phone });
  await heading('This browser')(view.page);
  await view.page.keyboard.press('Control+k');
  await view.page.getByRole('combobox').fill('shop');
  await view.page.getByRole('option', { name: 'shop-db' }).first().waitFor();
  expect(await violations(view.page)).toEqual([]);
  await view.page.keyboard.press('Escape');
  await view.page.getByRole('dialog').waitFor({ state: 'detached' });
  await view.page.keyboard.press('?');
  await heading('Filter language')(view.page);
  expect(await violations(view.page)).toEqual([]);
  expect(view.faults).toEqual([]);
});

describe('the keyboard', () => {
  const focused = (page: Page) =>
    page.evaluate(
      // The first line: what follows is a badge.
      'document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText.split("\\n")[0]',
    ) as Promise<string>;

  test('goes through the places first, then through the page', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    await heading('This browser')(view.page);
    const order: string[] = [];
    for (let i = 0; i < 9; i++) {
      await view.page.keyboard.press('Tab');
      order.push(await focused(view.page));
    }
    expect(order).toEqual([
      'Live',
      'Fleet',
      'Snapshots',
      'Connect',
      'Status',
      'Settings',
      'As the system',
      'Local',
      'Normal',
    ]);
  });

  test('shows where it is', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    await heading('This browser')(view.page);
    await view.page.keyboard.press('Tab');
    const outline =
      '(({ outlineStyle, outlineWidth }) => outlineStyle + outlineWidth)(getComputedStyle(document.activeElement))';
    expect(await view.page.evaluate(outline)).toBe('solid2px');
  });

  test('is given back when the keys are closed, with their button as with Esc', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    await heading('This browser')(view.page);
    const local = view.page.getByRole('radio', { name: 'Local' });
    await local.focus();
    for (const close of ['Enter', 'Escape']) {
      await view.page.keyboard.press('?');
      await view.page.getByRole('button', { name: 'Close' }).and(view.page.locator(':focus')).waitFor();
      await view.page.keyboard.press(close);
      await view.page.getByRole('dialog').waitFor({ state: 'detached' });
      await local.and(view.page.locator(':focus')).waitFor();
    }
  });

  test('is taken along to a new place, whose name is read', async () => {
    await using view = await openPage(browser, hub.url, { path: 'settings' });
    await heading('This browser')(view.page);
    await view.page.keyboard.press('Shift+S');
    await view.page.getByText('SQLite, one file').waitFor();
    expect(await view.page.title()).toBe('Status · Flywatch');
    expect(await view.page.evaluate('document.activeElement.tagName')).toBe('MAIN');
    await view.page.goBack();
    await heading('This browser')(view.page);
    expect(await view.page.title()).toBe('Settings · Flywatch');
  });
});

test('nothing slides where the system asks for less motion', async () => {
  await using view = await openPage(browser, hub.url, { path: 'settings' });
  await view.page.emulateMedia({ reducedMotion: 'reduce' });
  await heading('This browser')(view.page);
  await view.page.keyboard.press('Control+k');
  await view.page.getByRole('combobox').waitFor();
  const moving = `document.getAnimations().filter(({ effect }) => effect.getTiming().duration > 0).length`;
  expect(await view.page.evaluate(moving)).toBe(0);
  expect(await view.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--calm')")).toMatch(
    /^0m?s$/,
  );
});
