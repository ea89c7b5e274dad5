/** Messages grouped into patterns, over real HTTP. */

import { expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

interface Report {
  readonly patterns: readonly {
    readonly pattern: string;
    readonly count: number;
    readonly levels: Record<string, number>;
    readonly first_seen: string;
    readonly last_seen: string;
    readonly example: { readonly id: string; readonly message: string; readonly app: string | null };
    readonly q: string | null;
    readonly baseline_count?: number;
    readonly change?: string;
  }[];
  readonly found: number;
  readonly events: number;
  readonly complete: boolean;
  readonly looked_back_to: string | null;
  readonly baseline?: { readonly events: number; readonly complete: boolean };
}

const START = Date.parse('2026-11-20T10:00:00Z');
const at = (second: number) => new Date(START + second * 1000).toISOString();

async function post(hub: TestHub, events: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${hub.url}/ingest/logs`, { method: 'POST', headers, body: JSON.stringify(events) });
  expect(answer.status).toBe(200);
}

async function patterns(hub: TestHub, query = ''): Promise<Report> {
  const answer = await fetch(`${hub.url}/logs/patterns?${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Report;
}

/** What a question is refused with. */
async function refusal(hub: TestHub, query: string): Promise<string> {
  const answer = await fetch(`${hub.url}/logs/patterns?${query}`);
  expect(answer.status).toBe(400);
  return ((await answer.json()) as { error: string }).error;
}

const counts = ({ patterns: rows }: Report) => Object.fromEntries(rows.map(({ pattern, count }) => [pattern, count]));

const orders = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => ({
    app: 'shop',
    message: `order ${i} paid in ${i * 3} ms`,
    time: at(from + i),
  }));

test('lines of one statement are one pattern, with counts, levels, times, the newest line and a filter that finds them', async () => {
  await using hub = await startTestHub();
  const refused = {
    app: 'shop',
    level: 'error',
    message: '{"msg":"card of order 7 refused","level":"error"}',
    time: at(90),
  };
  await post(hub, [...orders(20, 0), refused]);
  const report = await patterns(hub);
  expect(report).toMatchObject({ found: 2, events: 21, complete: true, looked_back_to: null });
  const [paid, card] = report.patterns;
  expect(paid).toMatchObject({ pattern: 'order <*> paid in <*> <*>', count: 20, levels: { info: 20 } });
  expect(paid).toMatchObject({ first_seen: at(0), last_seen: at(19), example: { message: 'order 19 paid in 57 ms' } });
  expect(card).toMatchObject({ pattern: 'card of order <*> refused', count: 1, levels: { error: 1 } });
  for (const { q, count } of report.patterns) {
    const history = await fetch(`${hub.url}/logs/history?q=${encodeURIComponent(q!)}`);
    expect(((await history.json()) as { logs: unknown[] }).logs.length).toBe(count);
  }
  expect(counts(await patterns(hub, 'level=error'))).toEqual({ 'card of order <*> refused': 1 });
  expect((await patterns(hub, 'limit=1')).found).toBe(2);
});

test('beside a baseline it is said what is new, grown, fallen and gone, the new first', async () => {
  await using hub = await startTestHub();
  const many = (message: string, count: number, from: number) =>
    Array.from({ length: count }, (_, i) => ({ message: `${message} ${i}`, time: at(from + i / 10) }));
  await post(hub, [
    ...many('steady work on', 50, 0),
    ...many('rare retry of', 5, 1),
    ...many('early start of', 10, 2),
    ...many('busy poll of', 60, 3),
    ...many('steady work on', 50, 100),
    ...many('rare retry of', 40, 101),
    ...many('busy poll of', 6, 102),
    ...many('disk is full at', 7, 103),
  ]);
  const report = await patterns(hub, `from=${at(60)}&to=${at(200)}&baseline=1h`);
  expect(
    report.patterns.map(({ pattern, change, count, baseline_count: before }) => [pattern, change, count, before]),
  ).toEqual([
    ['disk is full at <*>', 'new', 7, 0],
    ['rare retry of <*>', 'grown', 40, 5],
    ['early start of <*>', 'gone', 0, 10],
    ['busy poll of <*>', 'fallen', 6, 60],
    ['steady work on <*>', 'steady', 50, 50],
  ]);
  expect(report).toMatchObject({ events: 103, baseline: { events: 125, complete: true } });
  expect(await refusal(hub, 'baseline=1h')).toContain('`from` beside it');
  expect(await refusal(hub, `from=${at(60)}&sort=change`)).toMatch(/^sort: .*`baseline` beside it/);
});

test('demo traffic makes no pattern', async () => {
  await using hub = await startTestHub({ DEMO_RATE: '200' });
  await expect
    .poll(async () => ((await (await fetch(`${hub.url}/logs/history`)).json()) as { logs: unknown[] }).logs.length)
    .toBeGreaterThan(20);
  expect(await patterns(hub)).toMatchObject({ found: 0, events: 0 });
});

test('without a store the ring is what is grouped', async () => {
  await using hub = await startTestHub({ PERSISTENCE_ENABLED: 'false' });
  await post(hub, orders(5, 0));
  expect(counts(await patterns(hub))).toEqual({ 'order <*> paid in <*> <*>': 5 });
});
