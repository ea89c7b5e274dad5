/** The list on a phone, where rows have all heights. */

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lines, openLive } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  const texts = Array.from({ length: 600 }, (_, i) => ({
    message: 'word '.repeat(1 + ((i * 7) % 23)),
    instance: 'm1',
  }));
  await hub.post(lines(...texts));
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

test('rows of all heights come to rest: measuring them does not move them for ever', async () => {
  await using opened = await openLive(browser, hub.url, { phone: true });
  const { page } = opened;
  await page.locator('.list-row').first().waitFor();
  const changes = () =>
    page.evaluate(`new Promise((resolve) => {
      let count = 0;
      const observer = new MutationObserver((records) => { count += records.length; });
      observer.observe(document.querySelector('.list-canvas'), { childList: true, subtree: true, attributes: true });
      setTimeout(() => { observer.disconnect(); resolve(count); }, 300);
    })`);
  await expect.poll(changes, { timeout: 10_000 }).toBe(0);
});
