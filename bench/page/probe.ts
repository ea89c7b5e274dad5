// A page in a real browser, and what it sees of itself.

import type { Browser, CDPSession, Page } from 'playwright-core';

/** What the browser sees of the page, from its first moment on. */
export const PROBE = `
window.probe = { frames: 0, tasksMs: [], firstLineMs: undefined };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.probe.tasksMs.push(duration);
}).observe({ type: 'longtask', buffered: true });
(function frame() {
  window.probe.frames++;
  if (window.probe.firstLineMs === undefined && document.querySelector('.list-row')) window.probe.firstLineMs = performance.now();
  requestAnimationFrame(frame);
})();
`;

export interface Probe {
  frames: number;
  tasksMs: number[];
  firstLineMs: number | undefined;
}

export const RESET = 'window.probe.frames = 0; window.probe.tasksMs = [];';
export const probeOf = async (page: Page): Promise<Probe> => (await page.evaluate('window.probe')) as Probe;
export const longest = ({ tasksMs }: Probe): number => Math.max(0, ...tasksMs);

/** Megabytes that the page holds on to. */
export async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value / 2 ** 20;
}

export async function openPage(browser: Browser, url: string): Promise<{ page: Page; session: CDPSession }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(PROBE);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(url);
  return { page, session };
}
