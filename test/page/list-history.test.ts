/** History in the list: it flows into live without a seam, a link opens at its line, and keys lead through it. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allRows, lines, places, row, seen, texts } from './list-view.ts';
import { launchBrowser, openPage, setupHub, type TestPage } from './setup.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 400_000);

afterAll(() => browser?.close());

/** Lines 50 ms apart that end now. */
function timed(count: number) {
  const now = Date.now();
  return lines(0, count).map((line, i) => ({ ...line, time: new Date(now - (count - i) * 50).toISOString() }));
}

const follow = ({ page }: TestPage, word: string) => page.locator('.follow-word', { hasText: word }).waitFor();

test('what came before, what comes while the page loads and what comes after is one list without a seam', async () => {
  await using hub = await setupHub();
  await hub.post(timed(2000));
  const opening = openPage(browser, hub.url);
  // Late lines of long ago come too: they are neither in the first page nor after it in time.
  for (let i = 0; i < 20; i++) {
    const late = new Date(Date.now() - 60_000 - i).toISOString();
    await hub.post([{ ...lines(2000 + i, 1)[0], time: late }]);
  }
  await using view = await opening;
  await hub.post(lines(2020, 30));
  await seen(view, 'line 2049');
  const rows = async () => {
    const all = await allRows(view);
    return { all: all.toSorted(), newest: all.slice(-30) };
  };
  await expect.poll(rows).toEqual({ all: texts(0, 2050).toSorted(), newest: texts(2020, 30) });
  expect(view.faults).toEqual([]);
});

test('older pages come before what is read without moving it', async () => {
  await using hub = await setupHub();
  await hub.post(timed(3000));
  await using view = await openPage(browser, hub.url);
  await seen(view, 'line 2999');
  await view.page.keyboard.press('Space');
  const { page } = view;
  const lineCount = async () => Number(await page.evaluate(`document.querySelector('.list-canvas').clientHeight / 22`));
  // The first page and the one after it; the next one is asked for when somebody comes near the beginning.
  await expect.poll(lineCount).toBe(620);
  await page.evaluate(`document.querySelector('.list-scroller').scrollTop = 40 * 22`);
  await expect.poll(lineCount).toBe(1120);
  const before = await places(view);
  expect(before).toContain('line 2420');
  await page.mouse.move(600, 400);
  await page.mouse.wheel(0, -220);
  await expect.poll(() => places(view)).toContain('line 2410');
  expect(view.faults).toEqual([]);
});

test('a link to a line opens at that line, far from the end, and goes on in both directions into live', async () => {
  await using hub = await setupHub();
  await hub.post(timed(1600));
  const answer = await fetch(`${hub.url}/logs/history?q="line%20700"&limit=1`);
  const { logs } = (await answer.json()) as { logs: { id: string }[] };
  await using view = await openPage(browser, hub.url, { path: `?line=${logs[0]!.id}` });
  const target = row(view, 'line 700');
  await target.waitFor();
  expect(await target.getAttribute('class')).toContain('is-open');
  const box = (await target.boundingBox())!;
  expect(box.y).toBeGreaterThan(200);
  expect(box.y).toBeLessThan(600);
  await follow(view, 'Paused');
  await expect.poll(() => allRows(view)).toEqual(texts(0, 1600));
  await hub.post(lines(1600, 5));
  await view.page.keyboard.press('Shift+G');
  await seen(view, 'line 1604');
  await follow(view, 'Live');
  expect(view.faults).toEqual([]);
});

test('a link to a line that is gone says so and shows what there is', async () => {
  await using hub = await setupHub();
  await hub.post(lines(0, 10));
  await using view = await openPage(browser, hub.url, { path: '?line=00000000001-zzzzz', expectedFailures: /404/ });
  await seen(view, 'line 9');
  await view.page.getByText('The line of this link is gone').waitFor();
  expect(view.faults).toEqual([]);
});

test('a range that ended stands still: it has its lines and no live ones', async () => {
  await using hub = await setupHub();
  await hub.post(timed(700));
  const to = new Date(Date.now() + 1000).toISOString();
  const from = new Date(Date.now() - 600_000).toISOString();
  await using view = await openPage(browser, hub.url, { path: `?from=${from}&to=${to}` });
  await seen(view, 'line 699');
  await expect.poll(() => allRows(view)).toEqual(texts(0, 700));
  expect(await view.page.locator('.follow-word').innerText()).toBe('Go live');
  await hub.post(lines(700, 1));
  await view.page.locator('.follow').click();
  await seen(view, 'line 700');
  await follow(view, 'Live');
});

test('j, k, e, Enter, Escape and o lead through the lines, and the list says which is the current one', async () => {
  await using hub = await setupHub();
  await hub.post([...lines(0, 50), { message: 'it broke', level: 'error' }, ...lines(50, 50)]);
  await using view = await openPage(browser, hub.url);
  await seen(view, 'line 99');
  const { keyboard } = view.page;
  const list = view.page.getByRole('grid', { name: 'Lines' });
  const current = async () => {
    const id = await list.getAttribute('aria-activedescendant');
    return view.page.locator(`[id="${id}"] .fw-text`).innerText();
  };
  await keyboard.press('Shift+E');
  await expect.poll(current).toBe('it broke');
  await keyboard.press('k');
  await expect.poll(current).toBe('line 49');
  await keyboard.press('j');
  await keyboard.press('j');
  await expect.poll(current).toBe('line 50');
  await keyboard.press('Enter');
  await expect.poll(() => new URL(view.page.url()).searchParams.get('line')).toMatch(/-/);
  await keyboard.press('Escape');
  await expect.poll(() => new URL(view.page.url()).searchParams.get('line')).toBeNull();
  await keyboard.press('w');
  await view.page.locator('.list.is-wrapped').waitFor();
  await keyboard.press('w');
  await keyboard.press('o');
  await view.page.locator('.list-body').waitFor();
  expect(view.faults).toEqual([]);
});
