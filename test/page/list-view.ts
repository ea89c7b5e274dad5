/** The list as a person sees it: what is on screen, and all of it, screen by screen. */

import type { TestPage } from './setup.ts';

export const lines = (from: number, count: number, fields: object = {}) =>
  Array.from({ length: count }, (_, i) => ({
    message: `line ${from + i}`,
    app: 'shop',
    instance: 'e286510fb16538',
    ...fields,
  }));

export const texts = (from: number, count: number) => lines(from, count).map(({ message }) => message);

/** Resolves when a line with this text is drawn. */
export async function seen({ page }: TestPage, text: string | RegExp): Promise<void> {
  await page.locator('.list-row', { hasText: text }).last().waitFor({ state: 'attached' });
}

export const row = ({ page }: TestPage, text: string) => page.locator('.list-row', { hasText: text });

/**
 * Every message of the list from its oldest to its newest, and bands as `[gap]` or `[band]`. Older pages are loaded on the way; how long
 * one takes cannot be seen from outside, so that who asks goes on asking until all is there.
 */
export async function allRows({ page }: TestPage): Promise<string[]> {
  return (await page.evaluate(`(async () => {
    const scroller = document.querySelector('.list-scroller');
    const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const found = new Map();
    const take = () => {
      for (const place of scroller.querySelectorAll('.list-place')) {
        const text = place.querySelector('.list-row .fw-text')?.textContent;
        found.set(Number(place.dataset.position), text ?? (place.querySelector('.is-gap') ? '[gap]' : '[band]'));
      }
    };
    let before = -1;
    while (before !== scroller.scrollHeight) {
      before = scroller.scrollHeight;
      scroller.scrollTop = 0;
      for (let i = 0; i < 15; i++) await frames();
    }
    for (;;) {
      take();
      const top = scroller.scrollTop;
      // Rows above and below the window are drawn too.
      scroller.scrollTop = top + scroller.clientHeight + 200;
      await frames();
      if (scroller.scrollTop !== top) continue;
      // At the end; unless newer pages are still on their way.
      const height = scroller.scrollHeight;
      for (let i = 0; i < 15; i++) await frames();
      if (scroller.scrollHeight === height) break;
    }
    take();
    return [...found].sort(([a], [b]) => a - b).map(([, text]) => text);
  })()`)) as string[];
}

const ROW_PX = 22;

/** Brings a row near the top of the window, where all before it are lines. */
export async function scrollToRow({ page }: TestPage, index: number): Promise<void> {
  await page.evaluate(`document.querySelector('.list-scroller').scrollTop = ${(index - 2) * ROW_PX}`);
}

export async function distanceFromEnd({ page }: TestPage): Promise<number> {
  return (await page.evaluate(
    `(({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop)(document.querySelector('.list-scroller'))`,
  )) as number;
}

/** Text and distance from the top of the window of each line that is seen. */
export async function places({ page }: TestPage): Promise<string> {
  return (await page.evaluate(`(() => {
    const { top, bottom } = document.querySelector('.list-scroller').getBoundingClientRect();
    return [...document.querySelectorAll('.list-row')]
      .map((row) => [row.querySelector('.fw-text').textContent, row.getBoundingClientRect().top])
      .filter(([, at]) => at >= top && at < bottom - 22)
      .sort((a, b) => a[1] - b[1])
      .map(([text, at]) => text + ' @ ' + at)
      .join('\\n');
  })()`)) as string;
}
