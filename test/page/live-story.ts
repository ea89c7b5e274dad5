/** Lines for the tests of the Live page's parts, and where to find those parts. */

import type { Browser, Locator, Page } from 'playwright-core';
import { openPage, type PageOptions, type TestPage } from './setup.ts';

export interface Line {
  readonly message: string;
  readonly level?: string;
  readonly app?: string;
  readonly instance?: string;
  /** How long ago it was printed. */
  readonly agoMs?: number;
  readonly [field: string]: unknown;
}

/** Lines as the hub takes them, a minute old unless they say otherwise. */
export function lines(...given: readonly Line[]): object[] {
  const nowMs = Date.now();
  return given.map(({ agoMs = 60_000, ...line }) => ({
    level: 'info',
    app: 'web',
    ...line,
    time: new Date(nowMs - agoMs).toISOString(),
  }));
}

/** The Live page, once its search box is there: keys pressed before that are nobody's. */
export async function openLive(browser: Browser, origin: string, options: PageOptions = {}): Promise<TestPage> {
  const opened = await openPage(browser, origin, options);
  await searchBox(opened.page).waitFor();
  return opened;
}

export const searchBox = (page: Page): Locator => page.getByRole('combobox', { name: 'Search lines' });

/** The filter that the address has. */
export function filterOf(page: Page): string {
  return new URL(page.url()).searchParams.get('q') ?? '';
}

/** Resolves when the address has this filter. */
export function filterIs(page: Page, q: string): Promise<void> {
  return page.waitForURL((url) => (url.searchParams.get('q') ?? '') === q);
}

/** Resolves when the list shows a line with this text. */
export async function waitForMessage(page: Page, text: string): Promise<void> {
  await page.getByRole('grid', { name: 'Lines' }).getByText(text).first().waitFor();
}
