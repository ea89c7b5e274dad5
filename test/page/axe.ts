/** What axe finds on a page as it stands. */

import axe from 'axe-core';
import type { Page } from 'playwright-core';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/** All that axe looks at unless it is told otherwise. */
const ALL = { resultTypes: ['violations'] };

/** What may be good in one theme and bad in the other one. */
const COLOURS = { ...ALL, runOnly: ['color-contrast', 'link-in-text-block'] };

/**
 * Each violation with the element and the reason, as one line; none on a good page. It is looked at as it is, then for its colours as
 * the system turns to the other theme under it, and back.
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const isLight = await page.evaluate('matchMedia("(prefers-color-scheme: light)").matches');
  const [theme, other] = isLight === true ? (['light', 'dark'] as const) : (['dark', 'light'] as const);
  const found = await find(page, ALL);
  await page.emulateMedia({ colorScheme: other });
  found.push(...(await find(page, COLOURS)).map((violation) => `${other}: ${violation}`));
  await page.emulateMedia({ colorScheme: theme });
  return found;
}

async function find(page: Page, options: object): Promise<string[]> {
  // What is still fading in has no colours yet that could be judged.
  await page.evaluate('Promise.allSettled(document.getAnimations().map(({ finished }) => finished))');
  const found = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`,
  )) as readonly Violation[];
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}
