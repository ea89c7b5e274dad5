/**
 * `npm run screenshots [-- FOLDER [NAME]]`: every page of the dashboard, wide and narrow, dark and light, busy, empty and in
 * trouble, as pictures of a real browser at real hubs. To be looked at; no test compares them.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { reportNow, tellFleet } from '../test/page/fleet-story.ts';
import { launchBrowser, openPage, setupHub, type TestHub } from '../test/page/setup.ts';
import { startScriptedModel } from '../test/support/scripted-model.ts';
import { type HubKind, SHOTS, type Shot } from './screenshots/shots.ts';
import { smallPng } from './screenshots/small-png.ts';
import { tellStory } from './screenshots/story.ts';
import { storyAnswer } from './screenshots/story-answer.ts';

const SEED = 7;
const TOKEN = 'a-token-for-pictures';

/** As often as the hosts of the story report. */
const REPORT_MS = 60_000;

/** A page that takes longer is shown as it is then. */
const READY_MS = 10_000;

/** Beside the pictures that the design was drawn in. */
const WIDE = { width: 1440, height: 900 };

const READERS = [
  ['curl/8.14.1', ''],
  ['flywatch-react', '?q=-healthz'],
  ['vg/0.1.0', '?level=warn&app=shop-api'],
] as const;

const [folder = 'coverage/screenshots', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });

const browser = await launchBrowser();
await using model = await startScriptedModel(storyAnswer);
const MODEL = { OPENROUTER_API_KEY: 'none', OPENROUTER_BASE_URL: model.url, CHAT_QUESTIONS_PER_MINUTE: '1000' };
await using busy = await setupHub({ AUTH_TOKEN: TOKEN, ...MODEL });
// The pictures take longer than its snapshots are apart, and one of them shows that there is none.
await using fresh = await setupHub({ AUTH_TOKEN: TOKEN, SNAPSHOT_INTERVAL_MINUTES: '1440' });
await using demo = await setupHub({ DEMO_SEED: String(SEED), DEMO_RATE: '20' });
const hubs: Readonly<Record<HubKind, TestHub>> = { busy, new: fresh, demo };
const authorization = { authorization: `Bearer ${TOKEN}` };
const endStory = await tellStory(busy.url, SEED, authorization);
await tellFleet(busy.url, authorization);
// Hosts that were silent for as long as the pictures take would all be down in the last of them.
const reporting = setInterval(() => void reportNow(busy.url, authorization), REPORT_MS);
// For the status page.
const leaving = new AbortController();
for (const [agent, search] of READERS) void readAlong(busy.url, agent, search, leaving.signal);
await fetch(`${busy.url}/snapshots`, { method: 'POST', headers: authorization });

await takeSignIn(browser, fresh);
for (const shot of SHOTS) if (only === '' || shot.name === only) await take(browser, shot);
endStory();
clearInterval(reporting);
leaving.abort();
await browser.close();

async function take(browser: Browser, { name, hub, path, ready }: Shot): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    for (const phone of [false, true]) {
      const { url } = hubs[hub];
      await using view = await openPage(browser, url, {
        path,
        theme,
        phone,
        ...(phone ? {} : WIDE),
        cookie: hub === 'demo' ? undefined : await signIn(url),
        expectedFailures: /./,
      });
      const file = `${name}${phone ? '-phone' : ''}-${theme}.png`;
      view.page.setDefaultTimeout(READY_MS);
      try {
        await ready(view.page);
        await view.page.waitForTimeout(300);
      } catch (error) {
        process.stderr.write(`${file}: ${(error as Error).message.split('\n', 1)[0]}\n`);
      }
      writeFileSync(join(folder, file), smallPng(await view.page.screenshot()));
      for (const fault of view.faults) process.stderr.write(`${file}: ${fault}\n`);
    }
  }
}

/** The sign-in page, empty and after a wrong token. */
async function takeSignIn(browser: Browser, { url }: TestHub): Promise<void> {
  if (only !== '' && only !== 'sign-in') return;
  for (const theme of ['dark', 'light'] as const) {
    for (const phone of [false, true]) {
      await using view = await openPage(browser, url, {
        path: 'status',
        theme,
        phone,
        ...(phone ? {} : WIDE),
        expectedFailures: /401/,
      });
      const name = join(folder, `sign-in${phone ? '-phone' : ''}-${theme}.png`);
      await view.page.getByText('Hub is healthy').waitFor();
      writeFileSync(name, smallPng(await view.page.screenshot()));
      await view.page.getByLabel('Access token').fill('not-the-token-of-this-hub');
      await view.page.getByRole('button', { name: 'Sign in' }).click();
      await view.page.getByText('This token is not').waitFor();
      writeFileSync(name.replace('sign-in', 'sign-in-wrong'), smallPng(await view.page.screenshot()));
    }
  }
}

async function readAlong(url: string, agent: string, search: string, signal: AbortSignal): Promise<void> {
  const headers = { ...authorization, 'user-agent': agent };
  const response = await fetch(`${url}/logs/stream${search}`, { headers, signal });
  // It ends with the signal, which is an error for the pipe.
  await response.body?.pipeTo(new WritableStream()).catch(() => undefined);
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/session`, { method: 'POST', body: JSON.stringify({ token: TOKEN }) });
  return response.headers.get('set-cookie')!.split(';', 1)[0]!;
}
