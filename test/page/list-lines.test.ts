/** Lines in the list: what comes from a log is text, whatever it is, and long things are folded to one row. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lines, row, seen } from './list-view.ts';
import { launchBrowser, openPage, setupHub, type TestPage } from './setup.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

const messages = ({ page }: TestPage) => page.locator('.list-row .fw-text').allTextContents();

test('a line shows time, level, app, instance and message, in a row of 22 px', async () => {
  await using hub = await setupHub();
  const time = '2026-11-21T02:40:52.113Z';
  await hub.post([{ message: 'disk is full', level: 'error', app: 'shop-db', instance: '6e824d1eb19187', time }]);
  await using view = await openPage(browser, hub.url, { path: '?from=2026-11-21T02:00:00Z&to=2026-11-21T03:00:00Z' });
  const line = row(view, 'disk is full');
  await line.waitFor();
  expect(await line.locator('.fw-level').innerText()).toBe('ERR');
  expect(await line.locator('.list-time').innerText()).toMatch(/^\d\d:40:52\.113$/);
  expect(await line.locator('.list-source').innerText()).toMatch(/^shop-db\s*6e824d1e$/);
  expect(await line.locator('.list-source').getAttribute('title')).toContain('6e824d1eb19187');
  expect((await line.boundingBox())?.height).toBe(22);
  expect(view.faults).toEqual([]);
});

const HOSTILE = [
  '<img src=x onerror="window.pwned = 1">',
  '<script>window.pwned = 1</script>',
  '"><svg onload=window.pwned=1>',
  'javascript:window.pwned=1',
  '</div></main><h1>not yours</h1>',
];

test('markup in messages, names and fields is text', async () => {
  await using hub = await setupHub();
  await using view = await openPage(browser, hub.url);
  const events = HOSTILE.map((text) => ({ message: text, app: text, instance: text, region: text }));
  await hub.post([...events, { message: JSON.stringify({ msg: 'last', [HOSTILE[1]!]: HOSTILE[2] }) }]);
  await seen(view, 'last');
  expect((await messages(view)).slice(0, HOSTILE.length)).toEqual(HOSTILE);
  await view.page.keyboard.press('k');
  await view.page.keyboard.press('o');
  await view.page.locator('.fw-tree').waitFor();
  expect(await view.page.locator('.fw-tree').innerText()).toContain(HOSTILE[1]);
  expect(await view.page.evaluate('window.pwned')).toBeUndefined();
  expect(await view.page.locator('.list-scroller :is(img, script, h1, a)').count()).toBe(0);
  expect(view.faults).toEqual([]);
});

test('ANSI escapes give colours and leave no other trace; bidi controls are named', async () => {
  await using hub = await setupHub();
  await using view = await openPage(browser, hub.url);
  const escapes =
    '\x1b[1;32mgreen\x1b[0m \x1b[38;5;196mred\x1b[39m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x1b[2Jgone \x00 end';
  await hub.post([{ message: escapes }, { message: 'user \u202egnp.exe\u202c logged in', app: '\u2067\u202eshop' }]);
  await seen(view, 'logged in');
  expect(await messages(view)).toEqual(['green red link gone ␀ end', 'user U+202Egnp.exeU+202C logged in']);
  expect(await view.page.locator('.fw-ansi-green.fw-bold').innerText()).toBe('green');
  const red = "getComputedStyle(document.querySelector('.list-row .fw-rgb')).color";
  expect(await view.page.evaluate(red)).toMatch(/^rgb\(255, /);
  expect(await view.page.locator('.list-app').last().innerText()).toBe('U+2067U+202Eshop');
  expect(view.faults).toEqual([]);
});

test('a line of 100 KB and a stack trace are one row each, and unfold', async () => {
  await using hub = await setupHub();
  await using view = await openPage(browser, hub.url);
  const stack = `Error: boom\n${Array.from({ length: 14 }, (_, i) => `    at step${i} (app.js:${i})`).join('\n')}`;
  await hub.post([{ message: `start ${'x'.repeat(100_000)} end` }, { message: stack }]);
  await seen(view, 'Error: boom');
  const [long, trace] = [row(view, 'start'), row(view, 'Error: boom')];
  expect((await long.boundingBox())?.height).toBe(22);
  expect((await long.locator('.fw-text').textContent())!.length).toBeLessThan(2000);
  expect(await trace.locator('.list-pill').innerText()).toBe('14 more lines');
  await trace.locator('.list-pill').click();
  const body = view.page.locator('.list-body');
  expect(await body.locator('.fw-whole').first().textContent()).toBe(stack);
  expect(await trace.locator('.list-pill').getAttribute('aria-expanded')).toBe('true');
  await trace.locator('.list-pill').click();
  await body.waitFor({ state: 'detached' });
  await long.locator('.list-pill').click();
  expect((await body.locator('.fw-whole').first().textContent())!.length).toBe(4096);
  await body.locator('.fw-more').click();
  expect((await body.locator('.fw-whole').first().textContent())!.length).toBe(100_010);
  expect(await view.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  expect(view.faults).toEqual([]);
});

test('the frames of a stack trace that come one by one are folded under its first line', async () => {
  await using hub = await setupHub();
  await using view = await openPage(browser, hub.url);
  const frames = Array.from({ length: 5 }, (_, i) => ({ message: `    at step${i} (app.js:${i})`, app: 'shop' }));
  await hub.post([{ message: 'Error: boom', app: 'shop' }, ...frames, { message: 'after', app: 'shop' }]);
  await seen(view, 'after');
  expect(await messages(view)).toEqual(['Error: boom', 'after']);
  expect(await row(view, 'Error: boom').locator('.list-pill').innerText()).toBe('5 more lines');
  expect(view.faults).toEqual([]);
});

test('JSON shows its message and fields; a press on a field searches for it', async () => {
  await using hub = await setupHub();
  const failed = { level: 50, msg: 'request errored', req: { method: 'POST' }, res: { statusCode: 500 } };
  await hub.post([
    { message: JSON.stringify(failed) },
    { message: JSON.stringify({ msg: 'fine', res: { statusCode: 200 } }) },
  ]);
  await using view = await openPage(browser, hub.url);
  await seen(view, 'request errored');
  expect(await messages(view)).toEqual([
    'request errored req.method=POST res.statusCode=500',
    'fine res.statusCode=200',
  ]);
  expect(await view.page.locator('.fw-status-5').innerText()).toBe('500');
  await view.page.keyboard.press('k');
  await view.page.keyboard.press('k');
  await view.page.keyboard.press('o');
  const field = view.page.locator('.fw-field', { hasText: 'statusCode' }).last();
  await field.hover();
  await field.getByRole('button', { name: 'Only 500' }).click();
  await row(view, 'fine').waitFor({ state: 'detached' });
  expect(new URL(view.page.url()).searchParams.get('q')).toBe('res.statusCode:500');
  expect(await messages(view)).toEqual(['request errored req.method=POST res.statusCode=500']);
  expect(view.faults).toEqual([]);
});

test('words of the search are marked', async () => {
  await using hub = await setupHub();
  await hub.post([{ message: 'connect Timeout after 5 s' }]);
  await using view = await openPage(browser, hub.url, { path: '?q=timeout' });
  await seen(view, 'after 5 s');
  expect(await view.page.locator('.list-row mark').allTextContents()).toEqual(['Timeout']);
});

test('demo lines are marked until a real one comes', async () => {
  await using hub = await setupHub({ DEMO_RATE: '50' });
  await using view = await openPage(browser, hub.url);
  await view.page.locator('.list-row .list-chip', { hasText: 'demo' }).first().waitFor();
  await view.page.locator('.live-banner', { hasText: 'Demo traffic' }).waitFor();
  await hub.post([{ message: 'a real line' }]);
  await seen(view, 'a real line');
  await view.page.locator('.live-banner').waitFor({ state: 'detached' });
  expect(await row(view, 'a real line').locator('.list-chip').count()).toBe(0);
  expect(view.faults).toEqual([]);
});

test('a hub without a line, and a search without a match, say what to do', async () => {
  await using hub = await setupHub();
  await using empty = await openPage(browser, hub.url);
  await empty.page.locator('.list-notice', { hasText: 'No line came in the last 15 min' }).waitFor();
  await empty.page.getByRole('link', { name: 'Connect a source' }).waitFor();
  // A longer time has no line either, and is no way out.
  expect(await empty.page.locator('.list-notice').getByRole('button').count()).toBe(0);
  await hub.post(lines(0, 3));
  await seen(empty, 'line 2');
  await using view = await openPage(browser, hub.url, { path: '?q=shop%20nothing' });
  const notice = view.page.locator('.list-notice');
  await notice.getByText('No line matches').waitFor();
  await notice.getByText('Scanned 3 lines').waitFor();
  await notice.getByRole('button', { name: /Clear the filter\s*3 lines/ }).click();
  await seen(view, 'line 2');
  expect([...empty.faults, ...view.faults]).toEqual([]);
});
