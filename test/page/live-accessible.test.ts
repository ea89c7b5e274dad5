/** The parts of the Live page for everybody: what opens on it has no violation that axe finds, in both themes and on a phone. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { violations } from './axe.ts';
import { lines, openLive, searchBox } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const DEVICES = [
  { device: 'wide', phone: false },
  { device: 'on a phone', phone: true },
] as const;

let browser: Browser;
let hub: TestHub;
let line: string;

beforeAll(async () => {
  browser = await launchBrowser();
  hub = await setupHub();
  const machines = Array.from({ length: 9 }, (_, i) => ({ message: 'up', instance: `machine-${i}`, status: 200 + i }));
  await hub.post(
    lines(...machines, { message: 'down', level: 'error', app: 'db', instance: 'machine-1', status: 500 }),
  );
  const answer = await fetch(`${hub.url}/logs/history?q=down`);
  line = ((await answer.json()) as { logs: { id: string }[] }).logs[0]!.id;
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
});

interface State {
  readonly name: string;
  readonly path?: () => string;
  readonly reach: (page: Page, phone: boolean) => Promise<unknown>;
}

const STATES: readonly State[] = [
  {
    name: 'suggestions',
    path: () => '?q=-app:db+(down+or+up)+level:>=warn',
    reach: async (page) => {
      await searchBox(page).fill('stat');
      await page.keyboard.press('ArrowDown');
      await page.getByRole('listbox', { name: 'Suggestions' }).getByText('status:500').waitFor();
    },
  },
  {
    name: 'a mistake',
    reach: async (page) => {
      await searchBox(page).fill('level:loud');
      await page.keyboard.press('Enter');
      await page.getByText('position 7').waitFor();
    },
  },
  {
    name: 'the range menu',
    reach: (page) => page.getByRole('button', { name: /^Time range/ }).click(),
  },
  {
    name: 'facets with a search in one of them',
    path: () => '?q=-instance:machine-3+(level:info+or+level:error)',
    reach: async (page, phone) => {
      if (phone) await page.getByRole('button', { name: 'Facets', exact: true }).click();
      await page.getByRole('button', { name: /^\d more$/ }).click();
      await page.getByRole('textbox', { name: 'Find in instance' }).waitFor();
    },
  },
  {
    name: 'patterns',
    path: () => '?show=patterns',
    reach: (page) => page.locator('button.pattern-row').first().waitFor(),
  },
  {
    name: 'the assistant',
    path: () => '?ask=open',
    reach: (page) => page.getByRole('heading', { name: 'Ask needs a model' }).waitFor(),
  },
  {
    name: 'the columns and what can be downloaded, or the other places',
    reach: async (page, phone) => {
      const names = phone ? ['More'] : ['Columns', /^Download/];
      for (const name of names) await page.getByRole('button', { name }).click();
      if (phone) await page.getByRole('dialog', { name: 'More places' }).waitFor();
    },
  },
  {
    name: 'the keys',
    reach: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('heading', { name: 'Filter language' }).waitFor();
    },
  },
  ...(['fields', 'context', 'raw'] as const).map((tab) => ({
    name: `the drawer with ${tab}`,
    path: () => `?line=${line}&tab=${tab}`,
    reach: (page: Page) => page.getByRole('tabpanel').getByText('500').or(page.locator('.is-here')).first().waitFor(),
  })),
];

test.each(DEVICES)(
  '$device: nothing stands in anybody’s way',
  async ({ phone }) => {
    await using opened = await openLive(browser, hub.url, { phone });
    const { page, faults } = opened;
    const found: string[] = [];
    for (const { name, path, reach } of STATES) {
      await page.goto(`${hub.url}/ui/${path?.() ?? ''}`);
      await searchBox(page).waitFor();
      await reach(page, phone);
      found.push(...(await violations(page)).map((violation) => `${name}: ${violation}`));
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  },
  120_000,
);
