// Many of what a page lists: hosts in the fleet, instances in a facet.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Bench } from '../bench.ts';
import { asSent, checkRow, metricsRow } from '../fleet/rows.ts';
import type { Row } from '../report.ts';
import { withHub } from '../targets.ts';
import { heapMb, longest, openPage, probeOf, RESET } from './probe.ts';

const HOSTS = 200;
const REPORTS = 60;
const RESULTS = 20;
const INSTANCES = 1_000_000;
const QUICK_INSTANCES = 100_000;

/** Rows of one request: the hub takes 5,000 rows of figures at once, and more of lines. */
const FIGURES_BATCH = 4000;
const LINES_BATCH = 20_000;

const MINUTE_MS = 60_000;

export async function crowd(bench: Bench, browser: Browser): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-bench-crowd-'));
  const env = { PERSISTENCE_ENABLED: 'true', STORE_PATH: join(folder, 'flywatch.db') };
  try {
    return await withHub(
      bench,
      async ({ hub }) => {
        const url = `http://127.0.0.1:${hub.port}`;
        bench.say(`page: ${HOSTS} hosts`);
        await tellHosts(url);
        const hosts = await listHosts(bench, browser, url);
        const instances = bench.quick ? QUICK_INSTANCES : INSTANCES;
        bench.say(`page: ${instances} instances`);
        await tellInstances(url, instances);
        return [...hosts, ...(await listInstances(browser, url, instances))];
      },
      env,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** An hour of reports, and twenty results of a check. */
async function tellHosts(url: string): Promise<void> {
  const nowMs = Date.now();
  const of = (count: number, row: (host: number, timeMs: number) => object): object[] =>
    Array.from({ length: HOSTS * count }, (_, i) => row(1 + (i % HOSTS), nowMs - MINUTE_MS * Math.floor(i / HOSTS)));
  const metrics = of(REPORTS, (host, timeMs) => asSent('metrics', metricsRow(host, timeMs)));
  const checks = of(RESULTS, (host, timeMs) => asSent('checks', checkRow(host, 1, timeMs)));
  for (let at = 0; at < metrics.length; at += FIGURES_BATCH)
    await send(`${url}/ingest/metrics`, 'application/json', JSON.stringify(metrics.slice(at, at + FIGURES_BATCH)));
  for (let at = 0; at < checks.length; at += FIGURES_BATCH)
    await send(`${url}/ingest/checks`, 'application/json', JSON.stringify(checks.slice(at, at + FIGURES_BATCH)));
}

async function listHosts(bench: Bench, browser: Browser, url: string): Promise<Row[]> {
  const { page, session } = await openPage(browser, `${url}/ui/fleet`);
  await page
    .locator('.fleet-row .fleet-link')
    .nth(HOSTS - 1)
    .waitFor();
  const shownMs = Number(await page.evaluate('performance.now()'));
  const shown = { case: `${HOSTS} hosts shown`, shown_ms: shownMs, longest_ms: longest(await probeOf(page)) };
  await page.evaluate(RESET);
  await page.evaluate(`(async () => {
    const list = document.querySelector('.fleet');
    const end = performance.now() + ${bench.seconds * 1000};
    for (let step = 40; performance.now() < end; list.scrollTop += step) {
      const { scrollTop, clientHeight, scrollHeight } = list;
      if (scrollTop + clientHeight >= scrollHeight - 1) step = -40;
      else if (scrollTop === 0) step = 40;
      await new Promise(requestAnimationFrame);
    }
  })()`);
  const { frames, ...scrolled } = await probeOf(page);
  await page.evaluate(RESET);
  const search = await typed(page, 'Find a host or app', 'vps-117', '.fleet-row .fleet-link');
  const heap_mb = await heapMb(session);
  await page.close();
  return [
    shown,
    {
      case: `scrolled ${bench.seconds} s`,
      frames_per_s: frames / bench.seconds,
      longest_ms: longest({ frames, ...scrolled }),
    },
    { case: 'a host searched', ...search, heap_mb },
  ];
}

async function tellInstances(url: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += LINES_BATCH) {
    const lines = Array.from({ length: Math.min(LINES_BATCH, count - from) }, (_, i) =>
      JSON.stringify({ message: `request ${from + i} done`, app: 'crowd', instance: `m${(from + i).toString(16)}` }),
    );
    await send(`${url}/ingest/logs`, 'application/x-ndjson', lines.join('\n'));
  }
}

async function listInstances(browser: Browser, url: string, count: number): Promise<Row[]> {
  const { page, session } = await openPage(browser, `${url}/ui/`);
  await page.locator('.list-row').first().waitFor();
  const more = page.getByRole('button', { name: / more$/ }).first();
  await more.waitFor({ timeout: 60_000 });
  const shown = {
    case: `${count} instances in the facets`,
    shown_ms: Number(await page.evaluate('performance.now()')),
    longest_ms: longest(await probeOf(page)),
  };
  await page.evaluate(RESET);
  await more.click();
  const search = await typed(page, 'Find in instance', `m${(count >> 1).toString(16)}`, '.facet-placed');
  const heap_mb = await heapMb(session);
  await page.close();
  return [shown, { case: 'one of them searched', ...search, heap_mb }];
}

/** Types into a field key by key, until one element of what it lists is left. */
async function typed(page: Page, label: string, text: string, listed: string): Promise<Row> {
  const field = page.getByLabel(label, { exact: true });
  await field.pressSequentially(text);
  const typedAt = performance.now();
  await page.locator(listed).nth(1).waitFor({ state: 'detached', timeout: 60_000 });
  await page.locator(listed).waitFor();
  return { shown_ms: performance.now() - typedAt, longest_ms: longest(await probeOf(page)) };
}

async function send(url: string, type: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
