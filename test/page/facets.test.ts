/** The facets of the page: they edit the search text, and stay cheap whatever is in them. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filterIs, filterOf, lines, openLive, searchBox, waitForMessage } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const HOSTILE = '<img src=x onerror=alert(1)>\u202eexe';

let browser: Browser;
let hub: TestHub;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  await hub.post(
    lines(
      { message: 'cart saved', app: 'api', region: 'fra' },
      { message: 'cart sent', app: 'api', region: 'fra' },
      { message: 'slow query', app: 'db', region: 'iad', level: 'warn' },
      { message: 'page rendered', app: 'web', region: 'fra' },
      { message: 'strange', app: HOSTILE, region: 'nrt' },
    ),
  );
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

const value = (page: Page, name: string) => page.getByRole('checkbox', { name: new RegExp(`^${name}[ ,]`) });

/** The values of a facet with their counts, as they stand. */
const facet = async (page: Page, field: string): Promise<string[]> => {
  const rows = page.getByRole('region', { name: field, exact: true }).locator('.facet-row');
  return (await rows.allTextContents()).map((text) => text.replace('Only', ' '));
};

test('a box asks for a value, a second one for both, and pressing again takes it back', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  await value(page, 'api').click();
  await filterIs(page, 'app:api');
  expect(await searchBox(page).inputValue()).toBe('app:api');
  expect(await value(page, 'api').getAttribute('aria-checked')).toBe('true');
  await waitForMessage(page, 'cart saved');
  // The others of the field keep their counts: they can still be chosen as well.
  await page.getByText('2 lines match').first().waitFor();
  expect(await facet(page, 'app')).toContain('web 1');

  await value(page, 'web').click();
  await filterIs(page, '(app:api or app:web)');
  await value(page, 'api').click();
  await filterIs(page, 'app:web');
  await value(page, 'web').click();
  await filterIs(page, '');
  expect(faults).toEqual([]);
});

test('Alt leaves a value out, Only asks for it alone, and so do their keys', async () => {
  await using opened = await openLive(browser, hub.url, { path: '?q=-app:db+cart' });
  const { page } = opened;
  await value(page, 'api').waitFor();
  expect(await value(page, 'db').getAttribute('aria-checked')).toBe('mixed');
  await value(page, 'api').click({ modifiers: ['Alt'] });
  await filterIs(page, '-app:db cart -app:api');
  await page.getByRole('button', { name: 'Only api' }).click();
  await filterIs(page, 'cart app:api');
  await value(page, 'api').focus();
  await page.keyboard.press('x');
  await filterIs(page, 'cart -app:api');
  await page.keyboard.press('i');
  await filterIs(page, 'cart app:api');
});

test('what the person typed decides the boxes, and values without a line stay where they were', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  await value(page, 'api').waitFor();
  const before = await facet(page, 'region');
  expect(before).toEqual(['fra 3', 'iad 1', 'nrt 1']);
  await searchBox(page).fill('level:>=warn -app:w*');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'region', exact: true }).getByText('0').first().waitFor();
  expect(await facet(page, 'region')).toEqual(['fra 0', 'iad 1', 'nrt 0']);
  expect(await value(page, 'warn').getAttribute('aria-checked')).toBe('true');
  expect(await value(page, 'info').getAttribute('aria-checked')).toBe('false');
  expect(await value(page, 'web').getAttribute('aria-checked')).toBe('mixed');
});

test('a hostile value is text, and can be chosen', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page, faults } = opened;
  const row = page.locator('.facet-row', { hasText: 'onerror' });
  expect(await row.locator('.facet-name').textContent()).toContain('U+202E');
  await row.getByRole('checkbox').click();
  await filterIs(page, `app:"${HOSTILE}"`);
  await waitForMessage(page, 'strange');
  await page.getByText('1 line matches').waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('one of thousands of instances is found, and only those on screen are drawn', async () => {
  await using crowded = await setupHub();
  const many = Array.from({ length: 3000 }, (_, i) => ({ message: 'up', instance: `machine-${i}` }));
  await crowded.post(lines(...many, { message: 'found', instance: 'machine-2718' }));
  await using opened = await openLive(browser, crowded.url);
  const { page } = opened;
  const instances = page.getByRole('region', { name: 'instance', exact: true });
  await instances.getByRole('button', { name: 'Over 94 more' }).click();
  await page.getByText('The 1000 most frequent ones').waitFor();
  expect(await instances.locator('.facet-row').count()).toBeLessThan(40);
  await page.keyboard.type('2999');
  await value(page, 'machine-2999').click();
  await filterIs(page, 'instance:machine-2999');
  expect(filterOf(page)).toBe('instance:machine-2999');
});

test('f folds the facets away for good, and on a narrow screen they lie over the list until Escape', async () => {
  await using opened = await openLive(browser, hub.url);
  const { page } = opened;
  const facets = page.getByRole('complementary', { name: 'Facets' });
  await facets.waitFor();
  await page.keyboard.press('f');
  await facets.waitFor({ state: 'detached' });
  await page.reload();
  await searchBox(page).waitFor();
  expect(await facets.count()).toBe(0);
  await page.keyboard.press('f');
  await facets.waitFor();

  await page.setViewportSize({ width: 800, height: 700 });
  await facets.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Facets', exact: true }).click();
  await value(page, 'db').click();
  await filterIs(page, 'app:db');
  await page.keyboard.press('Escape');
  await facets.waitFor({ state: 'detached' });
});
