/** The pictures: which page, in which state, and what to do before it is taken. */

import type { Page } from 'playwright-core';

/** `busy`: a hub with the story in its store. `new`: one to which nothing has come. `demo`: one that shows its demo. */
export type HubKind = 'busy' | 'new' | 'demo';

export interface Shot {
  readonly name: string;
  readonly hub: HubKind;
  /** Below `/ui/`. */
  readonly path: string;
  /** Resolves when the page shows what is to be seen. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const heading = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { name }).first().waitFor();

/** Some answers of the status page, so that there are rates and small charts. */
const RATES_MS = 9000;

/** Lines are there, the counts around them too, and so much of the stream that it has a rate. */
const lines = async (page: Page) => {
  await page.locator('.list-row').first().waitFor();
  await page.waitForTimeout(2500);
};

const rows = (page: Page) => page.locator('.fleet-row:not(.fleet-waiting *)').first().waitFor();

/** Charts, and the lines beside them. */
const charts = async (page: Page) => {
  await page.locator('.host-plot-lines canvas').first().waitFor();
  await page.waitForTimeout(800);
};

/** The crosshair where the host was silent; a phone has none before it is touched. */
const crosshair = async (page: Page) => {
  await charts(page);
  const { x, y, width } = (await page.locator('.host-over').boundingBox())!;
  await page.mouse.move(x + width * 0.72, y + 40);
  await page.waitForTimeout(800);
};

export const SHOTS: readonly Shot[] = [
  { name: 'live', hub: 'busy', path: '', ready: lines },
  { name: 'live-search', hub: 'busy', path: '?q=level:error', ready: (page) => page.waitForTimeout(1500) },
  { name: 'live-error', hub: 'busy', path: '?q=status:%3E', ready: (page) => page.waitForTimeout(1500) },
  { name: 'live-empty', hub: 'new', path: '', ready: (page) => page.waitForTimeout(1500) },
  { name: 'live-demo', hub: 'demo', path: '', ready: (page) => page.waitForTimeout(2500) },
  {
    name: 'patterns',
    hub: 'busy',
    path: '?show=patterns&range=5m',
    ready: (page) => page.locator('.pattern-row').nth(3).waitFor(),
  },
  {
    name: 'ask',
    hub: 'busy',
    path: '?ask=open',
    ready: async (page) => {
      await lines(page);
      await page.getByRole('textbox', { name: 'Question' }).fill('Why do requests fail?');
      await page.keyboard.press('Enter');
      const cited = page.getByRole('region', { name: 'Lines cited' });
      await page.getByText(/ k tokens/).waitFor();
      await cited.getByRole('button').nth(1).click();
      await cited.locator('time').nth(2).waitFor();
    },
  },
  {
    name: 'ask-begin',
    hub: 'busy',
    path: '?ask=open&q=level:error',
    ready: lines,
  },
  {
    name: 'ask-off',
    hub: 'new',
    path: '?ask=open',
    ready: heading('Ask needs a model'),
  },
  { name: 'fleet', hub: 'busy', path: 'fleet', ready: rows },
  { name: 'fleet-search', hub: 'busy', path: 'fleet?q=db&kind=vps&hours=6', ready: rows },
  { name: 'fleet-none', hub: 'busy', path: 'fleet?q=nothing-like-it', ready: heading('No host or app matches') },
  { name: 'fleet-demo', hub: 'demo', path: 'fleet', ready: rows },
  { name: 'fleet-empty', hub: 'new', path: 'fleet', ready: heading('Nothing is connected yet') },
  {
    name: 'fleet-offline',
    hub: 'busy',
    path: 'fleet',
    ready: async (page) => {
      await rows(page);
      await page.context().setOffline(true);
      await page.getByText('The hub does not answer').waitFor();
    },
  },
  { name: 'host', hub: 'busy', path: 'fleet?host=db-01', ready: crosshair },
  { name: 'host-week', hub: 'busy', path: 'fleet?host=db-01&range=7d', ready: charts },
  { name: 'host-unknown', hub: 'new', path: 'fleet?host=db-01', ready: heading('Nothing is known of this host') },
  { name: 'status', hub: 'busy', path: 'status', ready: (page) => page.waitForTimeout(RATES_MS) },
  { name: 'status-empty', hub: 'new', path: 'status', ready: heading('Losses') },
  {
    name: 'status-offline',
    hub: 'new',
    path: 'status',
    ready: async (page) => {
      await heading('Losses')(page);
      await page.context().setOffline(true);
      await page.getByText('The hub does not answer').waitFor();
    },
  },
  { name: 'connect', hub: 'demo', path: 'connect', ready: heading('Choose the organization') },
  {
    name: 'connect-vps',
    hub: 'new',
    path: 'connect',
    ready: async (page) => {
      await page.getByRole('tab', { name: 'A VPS' }).click();
      await page.getByLabel('Name of the host').fill('vps-1');
      await page.getByRole('button', { name: 'Make the command' }).click();
      await page.getByText('Waiting for the first report').waitFor();
    },
  },
  {
    name: 'connect-http',
    hub: 'busy',
    path: 'connect',
    ready: async (page) => {
      await page.getByRole('tab', { name: /over HTTP/ }).click();
      await page.getByText('Lines arrive', { exact: true }).first().waitFor();
    },
  },
  {
    name: 'connect-file',
    hub: 'new',
    path: 'connect',
    ready: async (page) => {
      await page.getByRole('tab', { name: /file or a pipe/ }).click();
    },
  },
  { name: 'snapshots', hub: 'busy', path: 'snapshots', ready: heading('The hub then') },
  { name: 'snapshots-empty', hub: 'new', path: 'snapshots', ready: heading('No snapshot yet') },
  { name: 'settings', hub: 'busy', path: 'settings', ready: heading('This browser') },
  { name: 'nowhere', hub: 'new', path: 'nowhere', ready: heading('There is no such page') },
  {
    name: 'palette',
    hub: 'busy',
    path: 'status',
    ready: async (page) => {
      await heading('Losses')(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('a');
      await page.getByRole('option', { name: /lines/ }).first().waitFor();
    },
  },
  {
    name: 'help',
    hub: 'busy',
    path: '',
    ready: async (page) => {
      await page.waitForTimeout(800);
      await page.keyboard.press('?');
      await heading('Filter language')(page);
    },
  },
];
