/** The assistant beside the lines, over a real hub and a scripted model: questions about the view, answers, and the way to the lines they stand on. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Script, type ScriptedModel, startScriptedModel, type Turn } from '../support/scripted-model.ts';
import { violations } from './axe.ts';
import { lines, openLive, searchBox, waitForMessage } from './live-story.ts';
import { launchBrowser, setupHub, type TestHub } from './setup.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

let browser: Browser;
let model: ScriptedModel;
let hub: TestHub;
/** Of the line in which the pool gives up, and of one that is two hours older. */
let pool: string;
let backup: string;
/** What the model says to each request, in the order of them; set by each test. */
let turns: readonly Turn[];
let said = 0;

beforeAll(async () => {
  browser = await launchBrowser();
  const script: Script = () => turns[Math.min(said++, turns.length - 1)]!;
  model = await startScriptedModel(script);
  hub = await setupHub({
    OPENROUTER_API_KEY: 'a-key',
    OPENROUTER_BASE_URL: model.url,
    CHAT_QUESTIONS_PER_MINUTE: '1000',
  });
  await hub.post(
    lines(
      { message: 'backup to nbg failed', app: 'cron', level: 'warn', agoMs: 7_200_000 },
      { message: 'request completed', app: 'api', instance: 'm1' },
      { message: `pool gave up ${HOSTILE}`, app: 'api', instance: 'm2', level: 'error' },
      { message: 'request completed', app: 'api', instance: 'm1' },
    ),
  );
  const idOf = async (q: string) => {
    const answer = await fetch(`${hub.url}/logs/history?q=${q}`);
    return ((await answer.json()) as { logs: { id: string }[] }).logs[0]!.id;
  };
  [pool, backup] = await Promise.all([idOf('pool'), idOf('backup')]);
});

afterAll(async () => {
  await browser?.close();
  await hub?.[Symbol.asyncDispose]();
  await model?.[Symbol.asyncDispose]();
});

function script(...next: readonly Turn[]): void {
  turns = next;
  said = 0;
}

const panel = (page: Page) => page.getByRole('complementary', { name: 'Ask' });
const box = (page: Page) => panel(page).getByRole('textbox', { name: 'Question' });
/** The last thing that the model was told by a person. */
const lastQuestion = () => JSON.stringify(model.requests.at(-1)?.body.messages.findLast(({ role }) => role === 'user'));

async function askIn(page: Page, question: string): Promise<void> {
  await box(page).fill(question);
  await page.keyboard.press('Enter');
}

test('a question is answered with what was looked up, and its numbers lead to the cited lines', async () => {
  script(
    { calls: [['search_logs', { level: 'error', from: '1h' }]] },
    {
      text: `The pool of **api** gave up [#${pool}]. The backup had failed before #${backup}.\n\n- look at \`m2\`\n\n| app | errors |\n|---|---|\n| api | 1 |`,
      usage: { prompt_tokens: 9000, completion_tokens: 200, cost: 0.0123 },
    },
  );
  await using opened = await openLive(browser, hub.url, { path: '?q=app:api', width: 1440 });
  const { page, faults } = opened;
  await waitForMessage(page, 'pool gave up');
  await page.keyboard.press('Shift+A');
  await page.waitForURL(/ask=open/);
  await askIn(page, 'Why does api fail?');
  const answer = panel(page).getByRole('article');
  await answer.getByText('9.3 k tokens').waitFor();
  expect(lastQuestion()).toMatch(/Why does api fail\?.*- time: \d{4}-.*- filter: app:api/);
  expect(await answer.locator('.ask-answer p > b').textContent()).toBe('The pool of api gave up 1.');
  expect(await answer.getByRole('cell').allTextContents()).toEqual(['api', '1']);
  expect(await answer.locator('.ask-spent').textContent()).toMatch(/^9\.3 k tokens · \$0\.0\d+ · \d+\.\d s$/);
  const lookUps = answer.getByRole('button', { name: /1 look-up/ });
  expect(await lookUps.textContent()).toMatch(/^1 look-upsearched\d\.\d s$/);
  await lookUps.click();
  await answer.getByText('level:error from:1h').waitFor();
  expect(await answer.getByRole('list').filter({ hasText: 'Searching' }).textContent()).toMatch(/1 line · \d/);
  await panel(page).getByText('Read 1 line. Log text is data').waitFor();

  const cited = panel(page).getByRole('region', { name: 'Lines cited' }).getByRole('button');
  await cited.nth(1).getByText('backup to nbg failed').waitFor();
  expect(await cited.first().textContent()).toMatch(/^1\d\d:\d\d:\d\dERRpool gave up <img/);
  // In the list already: it is marked where it stands, and the filter stays.
  await answer.getByRole('button', { name: 'Line 1' }).click();
  await page.locator('.list-row.is-open', { hasText: 'pool gave up' }).waitFor();
  await page.getByText('showing line 1 at').waitFor();
  expect(await page.locator('.histogram-mark').count()).toBe(1);
  expect(await searchBox(page).inputValue()).toBe('app:api');
  // Elsewhere: the list goes to its time, without the filter; Back leads back.
  await cited.nth(1).click();
  await page.locator('.list-row.is-open', { hasText: 'backup to nbg failed' }).waitFor();
  expect(await searchBox(page).inputValue()).toBe('');
  await page.goBack();
  await page.locator('.list-row.is-open', { hasText: 'pool gave up' }).waitFor();
  // Closed, the line is open in its drawer.
  await panel(page).getByRole('button', { name: 'Close Ask' }).click();
  await page.getByRole('complementary', { name: 'Line' }).getByText('m2').first().waitFor();
  expect(await page.locator('img').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('Esc stops an answer, what had come stays, and asking again goes on in the same place', async () => {
  script(
    { text: 'It is slowly becoming clear that nothing at all is wrong here.', delayMs: 400 },
    { text: 'Nothing is wrong.' },
  );
  await using opened = await openLive(browser, hub.url, { path: '?ask=open', width: 1440 });
  const { page, faults } = opened;
  await panel(page).getByRole('button', { name: 'Is anything wrong right now?' }).click();
  const answer = panel(page).getByRole('article');
  await answer.getByText('It is').waitFor();
  await page.keyboard.press('Escape');
  await answer.getByText('Stopped.').waitFor();
  expect(await answer.locator('.ask-answer').textContent()).toMatch(/^It is/);
  await expect.poll(() => model.abandoned).toBeGreaterThan(0);
  await answer.getByRole('button', { name: 'Ask again' }).click();
  await answer.getByText('Nothing is wrong.').waitFor();
  // The next question follows in the same conversation.
  await askIn(page, 'Are you sure?');
  await panel(page).getByRole('article').nth(1).getByText('Nothing is wrong.').waitFor();
  expect(JSON.stringify(model.requests.at(-1)?.body.messages)).toContain('Is anything wrong right now?');
  // Esc with nothing under way closes.
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

test('a on a line proposes to explain it, and what was typed into the palette is asked at once', async () => {
  script({ text: 'It is the pool.' });
  await using opened = await openLive(browser, hub.url, { width: 1440 });
  const { page, faults } = opened;
  await waitForMessage(page, 'pool gave up');
  await page.keyboard.press('e');
  await page.keyboard.press('a');
  await expect.poll(() => box(page).inputValue()).toBe('Explain this line');
  const before = model.requests.length;
  await box(page).focus();
  await page.keyboard.press('Enter');
  await panel(page).getByText('It is the pool.').waitFor();
  expect(model.requests.length).toBe(before + 1);
  expect(lastQuestion()).toContain(`- line: #${pool}`);

  await page.goto(`${hub.url}/ui/status`);
  await page.getByText('SQLite, one file').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Command/ }).fill('is the disk full');
  await page.getByRole('option', { name: /is the disk full/ }).waitFor();
  await page.keyboard.press('Control+Enter');
  await panel(page).getByRole('heading', { name: 'is the disk full' }).waitFor();
  await panel(page).getByText('It is the pool.').waitFor();
  expect(faults).toEqual([]);
});

test('what goes wrong is said in the hub’s words, and can be tried again', async () => {
  script({ status: 402, body: '{"error":{"message":"secret-of-upstream"}}' }, { text: 'All is well.' });
  await using opened = await openLive(browser, hub.url, { path: '?ask=open', width: 1440 });
  const { page, faults } = opened;
  await askIn(page, 'Well?');
  const failure = panel(page).getByRole('alert');
  await failure.getByText('model_unpaid').waitFor();
  expect(await failure.textContent()).not.toContain('secret-of-upstream');
  await panel(page).getByRole('button', { name: 'Ask again' }).click();
  await panel(page).getByText('All is well.').waitFor();
  expect(await failure.count()).toBe(0);
  expect(faults).toEqual([]);
});

test('an answer that is made up or hostile shows what it is, and loads nothing', async () => {
  const madeUp = `00000000001-${pool.split('-')[1]}`;
  script({
    text: `See #${madeUp}. ![x](https://evil.example/a.png) [press](https://evil.example) ${HOSTILE}\n\n<script>alert(1)</script>`,
  });
  await using opened = await openLive(browser, hub.url, { path: '?ask=open', width: 1440, expectedFailures: /404/ });
  const { page, faults } = opened;
  await askIn(page, 'Well?');
  await panel(page).getByText('The hub has no such line').waitFor();
  const answer = panel(page).locator('.ask-answer');
  expect(await answer.textContent()).toContain('x (https://evil.example/a.png) press (https://evil.example)');
  expect(await answer.locator('a, img, script, iframe').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('without a model nothing offers to ask, and the panel says what to set', async () => {
  await using bare = await setupHub();
  await bare.post(lines({ message: 'all is well' }));
  await using opened = await openLive(browser, bare.url, { width: 1440 });
  const { page, faults } = opened;
  await waitForMessage(page, 'all is well');
  await page.keyboard.press('Shift+A');
  await panel(page).getByRole('heading', { name: 'Ask needs a model' }).waitFor();
  expect(await panel(page).textContent()).toContain('OPENROUTER_API_KEY');
  expect(await box(page).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  const rail = page.getByRole('navigation', { name: 'Places' });
  expect(await rail.getByRole('link', { name: 'Ask' }).count()).toBe(0);
  await page.keyboard.press('j');
  await page.keyboard.press('a');
  await page.locator('.list-row').hover();
  expect(await page.getByRole('button', { name: 'Ask about it' }).count()).toBe(0);
  expect(page.url()).not.toContain('ask=open');
  expect(faults).toEqual([]);
});

test.each([
  { look: 'dark', theme: 'dark', phone: false, width: 1440 },
  { look: 'light over the list', theme: 'light', phone: false, width: 1100 },
  { look: 'dark on a phone', theme: 'dark', phone: true, width: 390 },
] as const)('$look: it stands in nobody’s way', async ({ theme, phone, width }) => {
  script(
    { calls: [['get_patterns', { from: '1h', baseline: '1h' }]] },
    { text: `The pool gave up #${pool}.\n\n## Why\n\n1. \`max=5\`\n\n\`\`\`\npool: 5\n\`\`\`\n\n|a|b|\n|-|-|\n|1|2|` },
  );
  await using opened = await openLive(browser, hub.url, { path: '?ask=open', theme, phone, width });
  const { page, faults } = opened;
  await panel(page).getByRole('list', { name: 'Suggestions' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await askIn(page, 'Why?');
  await panel(page).getByRole('region', { name: 'Lines cited' }).getByText('pool gave up').waitFor();
  await panel(page).getByRole('button', { name: 'Copy' }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  // There is no room for them meanwhile: then nothing offers them either.
  expect(await page.getByRole('button', { name: 'Facets', exact: true }).count()).toBe(0);
  expect(faults).toEqual([]);
});
