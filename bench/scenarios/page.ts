// page: the dashboard in a real browser, live at 3,000 events/s and over a million events of history.
//
// Live: a hub fed by nats-server, the page following, for six windows (a minute by default). Frames are those that the browser drew, long
// tasks those over 50 ms that it reported, memory the page's heap after a garbage collection. The lines of the page are counted by
// the height of its list and compared with what the hub has forwarded.
//
// History: a store of a million events, scrolled up by 20 rows a frame and then searched for a phrase; what counts is the longest
// task, since that is how long the page would not have answered.
//
// A crowd: 200 hosts on the page of the fleet, and lines of a million instances, each of its own; a facet that is opened and searched
// is what could choke on them.
//
// First view: from the navigation to the first line in the document, the median of five loads; JavaScript is what those loads
// asked for, packed by gzip, whatever the browser took.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Bench, Scenario } from '../bench.ts';
import { findProgram, startChild } from '../child.ts';
import { crowd } from '../page/crowd.ts';
import { heapMb, longest, openPage, PROBE, probeOf, RESET } from '../page/probe.ts';
import { startPublisher } from '../publisher/publisher.ts';
import type { Row, Table } from '../report.ts';
import { hubMissing, withHub } from '../targets.ts';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'packages/web/dist');

const RATE = 3000;
const WINDOWS = 6;
const EVENTS = 1_000_000;
const QUICK_EVENTS = 100_000;
const LOADS = 5;
const PHRASE = '"authentication failure"';

const ROW_PX = 22;
const linesOf = async (page: Page): Promise<number> =>
  Math.round(((await page.evaluate(`document.querySelector('.list-canvas').clientHeight`)) as number) / ROW_PX);

async function live(bench: Bench, browser: Browser): Promise<Row> {
  return withHub(bench, async ({ hub, nats }) => {
    const { page, session } = await openPage(browser, `http://127.0.0.1:${hub.port}/ui/`);
    await page.locator('.follow.is-live').waitFor();
    const seconds = bench.seconds * WINDOWS;
    const { port, user, password } = nats;
    const publisher = startPublisher(
      bench.native.publisher,
      { kind: 'nats', port, user, password },
      { rate: RATE, seconds: seconds + bench.warmupS },
    );
    await sleep(bench.warmupS * 1000);
    const startMb = await heapMb(session);
    await page.evaluate(RESET);
    const startedAt = performance.now();
    const { sent } = await publisher.done;
    const elapsedS = (performance.now() - startedAt) / 1000;
    const probe = await probeOf(page);
    const forwarded = await hub.messagesForwarded();
    let lines = 0;
    for (let i = 0; i < 50 && lines !== forwarded; i++) {
      await sleep(200);
      lines = await linesOf(page);
    }
    const endMb = await heapMb(session);
    await page.close();
    return {
      seconds: elapsedS,
      frames_per_s: probe.frames / elapsedS,
      long_tasks: probe.tasksMs.length,
      longest_ms: longest(probe),
      heap_start_mb: startMb,
      heap_end_mb: endMb,
      sent,
      forwarded,
      lines,
      complete: lines === forwarded,
    };
  });
}

const get = async <T>(port: number, path: string): Promise<T> =>
  (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as T;

async function history(bench: Bench, browser: Browser): Promise<{ scrolled: Row[]; first: Row }> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-page-'));
  const file = join(folder, 'flywatch.db');
  const events = bench.quick ? QUICK_EVENTS : EVENTS;
  bench.say(`page: writing ${events} events`);
  const { LOGHUB_DIR } = process.env;
  const writer = startChild({
    name: 'store',
    command: process.execPath,
    args: [join(import.meta.dirname, '../store/ingest.ts'), 'flywatch', file, String(events)],
    env: LOGHUB_DIR === undefined ? {} : { LOGHUB_DIR },
  });
  await writer.nextLine(600_000);
  const env = { PERSISTENCE_ENABLED: 'true', STORE_PATH: file, LOG_RETENTION_DAYS: '36500' };
  try {
    return await withHub(
      bench,
      async ({ hub }) => {
        const edge = async (order: string) =>
          (await get<{ logs: { time: string }[] }>(hub.port, `/logs/history?limit=1&order=${order}`)).logs[0]!.time;
        const to = new Date(Date.parse(await edge('desc')) + 1).toISOString();
        const url = `http://127.0.0.1:${hub.port}/ui/?from=${await edge('asc')}&to=${to}`;
        bench.say('page: scrolling');
        const { page } = await openPage(browser, url);
        await page.locator('.list-row').first().waitFor();
        await page.evaluate(RESET);
        await page.evaluate(`(async () => {
          const list = document.querySelector('.list-scroller');
          const end = performance.now() + ${bench.seconds * 1000};
          while (performance.now() < end) {
            list.scrollTop -= ${20 * ROW_PX};
            await new Promise(requestAnimationFrame);
          }
        })()`);
        const scrolled = await probeOf(page);
        const held = await linesOf(page);
        bench.say('page: searching');
        await page.evaluate(RESET);
        await page.keyboard.press('/');
        await page.keyboard.type(PHRASE);
        const askedAt = performance.now();
        await page.keyboard.press('Enter');
        await page.locator('.list-row mark').first().waitFor({ timeout: 60_000 });
        const foundMs = performance.now() - askedAt;
        const searched = await probeOf(page);
        await page.close();
        const first = await firstView(browser, url);
        return {
          scrolled: [
            {
              case: `scrolled ${bench.seconds} s`,
              lines: held,
              frames_per_s: scrolled.frames / bench.seconds,
              longest_ms: longest(scrolled),
            },
            { case: 'searched', shown_ms: foundMs, longest_ms: longest(searched) },
          ],
          first,
        };
      },
      env,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstView(browser: Browser, url: string): Promise<Row> {
  const times: number[] = [];
  let scripts = new Set<string>();
  for (let i = 0; i < LOADS; i++) {
    const asked = new Set<string>();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.endsWith('.js')) asked.add(pathname.replace('/ui/', ''));
    });
    await page.addInitScript(PROBE);
    await page.goto(url);
    await page.locator('.list-row').first().waitFor();
    times.push((await probeOf(page)).firstLineMs ?? Number.NaN);
    scripts = asked;
    await page.close();
  }
  times.sort((a, b) => a - b);
  const bytes = [...scripts].reduce((sum, name) => sum + gzippedBytes(name), 0);
  return {
    median_ms: times[Math.floor(LOADS / 2)],
    worst_ms: times.at(-1),
    javascript_kb: bytes / 1000,
    files: scripts.size,
  };
}

function gzippedBytes(name: string): number {
  try {
    return readFileSync(join(DIST, `${name}.gz`)).length;
  } catch {
    return readFileSync(join(DIST, name)).length;
  }
}

const COLUMNS: Readonly<Record<string, Table['columns']>> = {
  live: [
    { key: 'seconds', label: 's', digits: 1 },
    { key: 'frames_per_s', label: 'frames/s', digits: 1 },
    { key: 'long_tasks', label: 'tasks > 50 ms' },
    { key: 'longest_ms', label: 'longest ms' },
    { key: 'heap_start_mb', label: 'heap MB at start', digits: 1 },
    { key: 'heap_end_mb', label: 'at end', digits: 1 },
    { key: 'sent', label: 'sent' },
    { key: 'forwarded', label: 'hub' },
    { key: 'lines', label: 'page' },
    { key: 'complete', label: 'all there' },
  ],
  history: [
    { key: 'case', label: 'what' },
    { key: 'lines', label: 'lines held' },
    { key: 'frames_per_s', label: 'frames/s', digits: 1 },
    { key: 'shown_ms', label: 'first match ms' },
    { key: 'longest_ms', label: 'longest task ms' },
  ],
  crowd: [
    { key: 'case', label: 'what' },
    { key: 'shown_ms', label: 'shown ms' },
    { key: 'frames_per_s', label: 'frames/s', digits: 1 },
    { key: 'longest_ms', label: 'longest task ms' },
    { key: 'heap_mb', label: 'heap MB', digits: 1 },
  ],
  first: [
    { key: 'median_ms', label: 'first line ms, median' },
    { key: 'worst_ms', label: 'worst' },
    { key: 'javascript_kb', label: 'JavaScript KB, gzip', digits: 1 },
    { key: 'files', label: 'files' },
  ],
};

export const page: Scenario = {
  name: 'page',
  about: `The dashboard in Chromium: frames, long tasks and memory at 3,000 events/s, lines compared with the hub's; a million events of
history scrolled and searched; 200 hosts; lines of a million instances; the first line after a load. No rival.`,
  async run(bench) {
    const missing = hubMissing(bench);
    if (missing) return { tables: [], notes: [missing] };
    const executablePath = findProgram('chromium') ?? findProgram('google-chrome');
    if (executablePath === undefined) return { tables: [], notes: ['page: there is no Chromium here'] };
    spawnSync(process.execPath, [join(ROOT, 'scripts/build-web.ts')], { stdio: 'inherit' });
    const browser = await chromium.launch({ executablePath });
    try {
      bench.say(`page: live at ${RATE}/s`);
      const followed = await live(bench, browser);
      const { scrolled, first } = await history(bench, browser);
      const crowded = await crowd(bench, browser);
      return {
        tables: [
          { title: `live, ${RATE} events/s`, columns: COLUMNS.live!, rows: [followed] },
          { title: 'history', columns: COLUMNS.history!, rows: scrolled },
          { title: 'a crowd', columns: COLUMNS.crowd!, rows: crowded },
          { title: 'first view', columns: COLUMNS.first!, rows: [first] },
        ],
        notes: ['Chromium draws in software here: frames are fewer than on a machine with a graphics card.'],
      };
    } finally {
      await browser.close();
    }
  },
};
