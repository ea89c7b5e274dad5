/** The stream in the list: follow and pause, a lost connection, a restart, a gap. Nothing is lost, nothing is there twice. */

import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGate } from '../support/gate.ts';
import { allRows, distanceFromEnd, lines, places, scrollToRow, seen, texts } from './list-view.ts';
import { launchBrowser, openPage, setupHub, type TestHub, type TestPage } from './setup.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

const CUT_MS = 30_000;

/** Traffic of some hundred lines a second. */
const BATCH = 5;
const EVERY_MS = 40;

const REFUSED =
  /ERR_(CONNECTION_REFUSED|CONNECTION_RESET|SOCKET_NOT_CONNECTED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)/;

const follow = ({ page }: TestPage, word: string) => page.locator('.follow-word', { hasText: word }).waitFor();
const dock = ({ page }: TestPage, text: string | RegExp) => page.locator('.list-dock', { hasText: text }).waitFor();

test('scrolling up pauses: the list stands still to the pixel, and a badge counts what comes', async () => {
  await using hub = await setupHub();
  await hub.post(lines(0, 300));
  await using view = await openPage(browser, hub.url);
  await seen(view, 'line 299');
  await follow(view, 'Live');
  await view.page.mouse.move(600, 400);
  await view.page.mouse.wheel(0, -500);
  await follow(view, 'Paused');
  const before = await settled(view);
  await hub.post([...lines(300, 40), { message: 'bad', level: 'error' }, { message: 'odd', level: 'warn' }]);
  await dock(view, '42 new lines');
  await dock(view, /1 error\s*1 warning/);
  expect(await places(view)).toBe(before);
  await view.page.getByRole('button', { name: 'Resume' }).last().click();
  await seen(view, 'odd');
  await follow(view, 'Live');
  expect(await distanceFromEnd(view)).toBeLessThanOrEqual(1);
  expect(await view.page.locator('.list-dock').count()).toBe(0);
  expect(view.faults).toEqual([]);
});

/** Places of the lines once they rest: wheels may be animated. */
async function settled(view: TestPage): Promise<string> {
  for (let before = ''; ; ) {
    const now = await places(view);
    if (now === before) return now;
    before = now;
    await view.page.waitForTimeout(100);
  }
}

test('Space, g and G pause, go to the oldest line and follow again; a text field keeps its keys', async () => {
  await using hub = await setupHub();
  await hub.post(lines(0, 200));
  await using view = await openPage(browser, hub.url);
  await seen(view, 'line 199');
  await view.page.keyboard.press('Space');
  await follow(view, 'Paused');
  await hub.post(lines(200, 1));
  await dock(view, '1 new line');
  await view.page.keyboard.press('Space');
  await follow(view, 'Live');
  await seen(view, 'line 200');
  await view.page.keyboard.press('g');
  await view.page.locator('.list-row', { hasText: /line 0$/ }).waitFor();
  await follow(view, 'Paused');
  await view.page.keyboard.press('Shift+G');
  await follow(view, 'Live');
  await seen(view, 'line 200');
  await view.page.keyboard.press('/');
  await view.page.keyboard.type('g G');
  await follow(view, 'Live');
  expect(view.faults).toEqual([]);
});

test('scrolling back to the end follows again', async () => {
  await using hub = await setupHub();
  await hub.post(lines(0, 300));
  await using view = await openPage(browser, hub.url);
  await seen(view, 'line 299');
  await view.page.mouse.move(600, 400);
  await view.page.mouse.wheel(0, -300);
  await follow(view, 'Paused');
  await view.page.mouse.wheel(0, 5000);
  await follow(view, 'Live');
  await hub.post(lines(300, 1));
  await seen(view, 'line 300');
});

/** Sends numbered lines until it is stopped, and then says how many. */
function keepSending(hub: TestHub): AsyncDisposable & { stop(): Promise<number> } {
  let isOn = true;
  const sending = (async () => {
    let sent = 0;
    for (; isOn; sent += BATCH) {
      await hub.post(lines(sent, BATCH));
      await setTimeout(EVERY_MS);
    }
    return sent;
  })();
  const stop = () => {
    isOn = false;
    return sending;
  };
  return { stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}

test('30 s without a network and a restart of the hub are said, and cost no reload, no gap and no line twice', async () => {
  await using hub = await setupHub();
  const gate = await startGate(hub.port);
  await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, { expectedFailures: REFUSED });
  await view.page.evaluate('window.isFirstLoad = true');
  await using traffic = keepSending(hub);
  await follow(view, 'Live');
  await seen(view, 'line 9');

  // First nothing passes and nobody is told, as when a cable is pulled; then what tries is refused.
  const cutAtMs = Date.now();
  gate.freeze();
  await follow(view, 'Offline');
  gate.shut();
  await dock(view, /Connection to the hub lost.\s*Trying again in \d+ s/);
  await setTimeout(CUT_MS - (Date.now() - cutAtMs));
  await follow(view, 'Offline');
  gate.thaw();
  gate.open();
  await follow(view, 'Live');
  const sent = await traffic.stop();
  await seen(view, texts(sent - 1, 1)[0]!);

  await hub.restart();
  await hub.post(lines(sent, 700));
  const total = sent + 700;
  await seen(view, texts(total - 1, 1)[0]!);
  await follow(view, 'Live');
  await expect.poll(async () => (await allRows(view)).filter((text) => text !== '[band]')).toEqual(texts(0, total));
  await scrollToRow(view, (await allRows(view)).indexOf('[band]'));
  await view.page
    .locator('.list-band', { hasText: /Reconnected after [34]\d s.*lines caught up, none lost/ })
    .waitFor();
  const counted = await fetch(`${hub.url}/logs/histogram`);
  expect(await counted.json()).toMatchObject({ total });
  expect(await view.page.evaluate('window.isFirstLoad')).toBe(true);
  expect(view.faults).toEqual([]);
  await gate.close();
}, 120_000);

test('lines that the hub had to forget are a gap that counts them, in its place', async () => {
  await using hub = await setupHub({ LOG_BUFFER_MAX_ENTRIES: '100', PERSISTENCE_ENABLED: 'false' });
  const gate = await startGate(hub.port);
  await using view = await openPage(browser, `http://127.0.0.1:${gate.port}`, { expectedFailures: REFUSED });
  await hub.post(lines(0, 20));
  await seen(view, 'line 19');
  gate.shut();
  await follow(view, 'Offline');
  await hub.post(lines(20, 142));
  gate.open();
  await view.page.keyboard.press('r');
  await seen(view, 'line 161');
  const rows = async () => {
    const all = await allRows(view);
    return [...all.slice(0, 20), ...all.slice(20, 22).sort(), ...all.slice(22)];
  };
  await expect.poll(rows).toEqual([...texts(0, 20), '[band]', '[gap]', ...texts(62, 100)]);
  await view.page.keyboard.press('g');
  await view.page.locator('.list-band.is-gap', { hasText: 'Gap: 42 lines not shown' }).waitFor();
  expect(view.faults).toEqual([]);
  await gate.close();
});

test('a gap that the hub still holds is loaded into its place', async () => {
  await using hub = await setupHub();
  await hub.post(lines(0, 10));
  await using context = await openPage(browser, hub.url, { path: 'settings' });
  const { page } = context;
  // The first connection is told a gap, as a reader is that was too slow; the next one goes on behind it.
  let isTold = false;
  await page.route('**/logs/stream*', async (route) => {
    if (isTold) {
      await route.continue();
      return;
    }
    isTold = true;
    await hub.post(lines(10, 20));
    const answer = await fetch(`${hub.url}/logs/history?order=asc&limit=30`);
    const ids = ((await answer.json()) as { logs: { id: string }[] }).logs.map(({ id }) => id);
    const [from, to] = [ids[9]!, ids[29]!];
    const url = `/logs/history?order=asc&after=${from}&until=${to}`;
    const gap = { type: 'gap', from, to, count: 20, reason: 'lagged', url };
    const body = `id: ${from}\n\nevent: gap\nid: ${to}\ndata: ${JSON.stringify(gap)}\n\n`;
    await route.fulfill({ contentType: 'text/event-stream', body });
  });
  await page.goto(`${hub.url}/ui/`);
  const band = page.locator('.list-band.is-gap', { hasText: 'Gap: 20 lines not shown' });
  await band.waitFor();
  await hub.post(lines(30, 1));
  await seen(context, 'line 30');
  await band.getByRole('button', { name: 'Load them' }).click();
  await page.locator('.list-band', { hasText: 'The gap is filled. 20 lines loaded' }).waitFor();
  const rows = async () => (await allRows(context)).filter((text) => text !== '[band]');
  await expect.poll(rows).toEqual(texts(0, 31));
  expect(context.faults).toEqual([]);
});
