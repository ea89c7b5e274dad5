import { type Level, LogEvent } from '@flywatch/core';
import { expect, test } from 'vitest';
import { EventBuffer } from '../buffer/event-buffer.ts';
import { createFence } from '../tools/fence.ts';
import { createMask } from '../tools/redact.ts';
import { buildContext, type ContextOptions } from './context.ts';
import { estimateTokens } from './tokens.ts';

const NOW = Date.parse('2026-11-20T10:30:00Z');
const MAX_TOKENS = 2500;

interface Line {
  readonly message: string;
  readonly level?: Level;
  readonly agoMs?: number;
  readonly app?: string;
  readonly region?: string;
}

function ringOf(lines: readonly Line[]): EventBuffer {
  const buffer = new EventBuffer({ maxEntries: 10_000, maxAgeMs: 3_600_000, maxChars: 64 * 1024 * 1024 }, 0);
  for (const [
    i,
    { message, level = 'info', agoMs = lines.length - i, app = 'shop', region = 'fra' },
  ] of lines.entries()) {
    const timeMs = NOW - agoMs;
    buffer.push(
      new LogEvent({
        ...{
          position: i + 1,
          hub: 'test0',
          receivedAtMs: timeMs,
          time: new Date(timeMs).toISOString(),
          timeMs,
          timeNanos: 0,
        },
        ...{ level, message, app, instance: `m${i % 3}`, region, host: undefined, provider: 'app', source: undefined },
        ...{ structure: undefined, extras: undefined, raw: undefined, verbatim: false, demo: false },
      }),
    );
  }
  return buffer;
}

const METRICS = {
  ...{ uptime_seconds: 9240, nats_connected: true, active_sse_connections: 3, active_ws_connections: 12 },
  system: { cpu_usage_percent: 23, memory_usage_percent: 44 },
  sources: { fly: {} },
} as unknown as ContextOptions['metrics'];

function contextOf(lines: readonly Line[], maxTokens = MAX_TOKENS): Promise<string> {
  const fence = createFence();
  return buildContext({
    ring: ringOf(lines),
    metrics: METRICS,
    fence,
    mask: createMask('true'),
    nowMs: NOW,
    maxTokens,
  });
}

test('the state, what is alike as one, and the newest lines, as seed 001 has them', async () => {
  const context = await contextOf([
    { message: 'connection refused to postgres 10.0.0.1:5432', level: 'error', agoMs: 200_000 },
    { message: 'connection refused to postgres 10.0.0.2:5432', level: 'error', agoMs: 150_000 },
    { message: 'slow query 812ms', level: 'warn', agoMs: 120_000 },
    { message: 'connection refused to postgres 10.0.0.3:5432', level: 'error', agoMs: 100_000 },
    { message: 'timeout waiting for auth', level: 'error', agoMs: 90_000 },
    { message: 'GET /users 200 45ms', agoMs: 1000 },
  ]);
  expect(context.replace(/data-[0-9a-f]{12}/g, 'data-MARK').replace(/#[0-9a-z]{11}-test0/g, '#ID')).toBe(
    `## Current State
CPU: 23% | Mem: 44% | Conns: 15 | NATS: up | Uptime: 2h34m (of the hub and its machine)
Logs: 6 buffered (last 4min) | Errors: 4 | Warns: 1. Older ones: by the tools.
<data-MARK of="logs">
## Lines by app and region
shop fra: 6, errors 4
## Recent Errors
[10:28:30] ERR  shop-m1 fra: timeout waiting for auth  #ID
[10:28:20] ERR  shop-m0 fra: connection refused to postgres 10.0.0.3:5432 (x3 in last 5min)  #ID
## Recent Warnings
[10:28:00] WARN shop-m2 fra: slow query 812ms  #ID
## Last 20 Logs
[10:26:40] ERR  shop-m0 fra: connection refused to postgres 10.0.0.1:5432  #ID
[10:27:30] ERR  shop-m1 fra: connection refused to postgres 10.0.0.2:5432  #ID
[10:28:00] WARN shop-m2 fra: slow query 812ms  #ID
[10:28:20] ERR  shop-m0 fra: connection refused to postgres 10.0.0.3:5432  #ID
[10:28:30] ERR  shop-m1 fra: timeout waiting for auth  #ID
[10:29:59] INFO shop-m2 fra: GET /users 200 45ms  #ID
</data-MARK>`,
  );
});

test('without a line it says so', async () => {
  expect(await contextOf([])).toMatch(/Logs: 0 buffered \| Errors: 0[\s\S]*There are no log lines yet\./);
});

const words = 'the quick brown fox jumps over lazy dogs while seven wizards mix potions'.split(' ');
const sentence = (i: number) => [0, 1, 2, 3, 4].map((k) => words[(i * 7 + k * (1 + (i % 5))) % words.length]).join(' ');

/** What the other 9,999 lines are. */
const TRAFFIC: Readonly<Record<string, (i: number) => Line>> = {
  'quiet requests': (i) => ({ message: `GET /orders/${i} 200 in ${i % 90}ms` }),
  'a noisy error': (i) => ({ message: `cache miss for key ${i}`, level: i % 2 === 0 ? 'error' : 'info' }),
  'errors alone': (i) => ({ message: `upstream ${i} answered 503 after ${i}ms`, level: 'error' }),
  'errors of many kinds': (i) => ({ message: `failed: ${sentence(i)}`, level: i % 3 === 0 ? 'error' : 'info' }),
  'warnings of many kinds': (i) => ({ message: `odd: ${sentence(i)}`, level: 'warn' }),
  'long lines': (i) => ({ message: `${sentence(i)} `.repeat(150), level: i % 4 === 0 ? 'error' : 'info' }),
  'lines beyond ASCII': (i) => ({ message: `${'漢字 🎉 ü '.repeat(40)} ${i}`, level: i % 4 === 0 ? 'warn' : 'info' }),
  JSON: (i) => ({ message: JSON.stringify({ level: 30, time: i, msg: sentence(i), req: { id: `r${i}`, url: '/x' } }) }),
};

test.each(Object.entries(TRAFFIC))(
  'among 10,000 lines of %s the planted error is shown, within the budget',
  async (_name, line) => {
    for (const place of [0, 1, 137, 5000, 9978, 9999]) {
      const lines = Array.from({ length: 10_000 }, (_, i): Line => {
        const agoMs = (10_000 - i) * 100;
        return i === place
          ? { message: 'FATAL disk quota exceeded on volume vol_x9', level: 'error', agoMs }
          : { ...line(i), agoMs };
      });
      const context = await contextOf(lines);
      expect(context, `at ${place}`).toContain('disk quota exceeded on volume vol_x9');
      expect(estimateTokens(context)).toBeLessThanOrEqual(MAX_TOKENS);
    }
  },
  60_000,
);

test('a small budget holds too, and the errors come before the other lines', async () => {
  const lines = Array.from(
    { length: 1000 },
    (_, i): Line => ({ message: `GET /orders/${i} 200`, level: i === 3 ? 'error' : 'info' }),
  );
  for (const maxTokens of [200, 400, 800]) {
    const context = await contextOf(lines, maxTokens);
    expect(estimateTokens(context)).toBeLessThanOrEqual(maxTokens);
    expect(context).toContain('/orders/3 200');
  }
});

test('others have their turn while it is made', async () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, i): Line => ({ message: `failed: ${sentence(i)} `.repeat(20), level: 'error' }),
  );
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await contextOf(lines);
  isDone = true;
  expect(turns).toBeGreaterThan(2);
});
