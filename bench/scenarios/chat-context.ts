// What a question costs the hub before the model is asked: the context, from a ring of 10,000 events. CPU time of the main thread, and of the longest
// stretch in which nothing else had its turn, which is what a live stream would feel. Not by the clock: a busy machine takes the thread away.

import { type Level, LogEvent } from '@flywatch/core';
import { EventBuffer } from '../../packages/hub/src/buffer/event-buffer.ts';
import { buildContext, type ContextOptions } from '../../packages/hub/src/chat/context.ts';
import { estimateTokens } from '../../packages/hub/src/chat/tokens.ts';
import { createFence } from '../../packages/hub/src/tools/fence.ts';
import { createMask } from '../../packages/hub/src/tools/redact.ts';
import type { Scenario } from '../bench.ts';
import type { Row } from '../report.ts';

const EVENTS = 10_000;
const TIMES = 21;

const KINDS: Readonly<Record<string, (i: number) => readonly [Level, string]>> = {
  'requests, few errors': (i) => [i % 100 === 0 ? 'error' : 'info', `GET /orders/${i} 200 in ${i % 90}ms`],
  'errors alone': (i) => ['error', `upstream ${i} answered 503 after ${i}ms`],
  'long lines': (i) => [i % 4 === 0 ? 'error' : 'info', `part ${i % 50} of a longer story, `.repeat(150)],
};

const METRICS = {
  sources: {},
  uptime_seconds: 1,
  nats_connected: true,
  active_sse_connections: 0,
  active_ws_connections: 0,
};

function ringOf(make: (i: number) => readonly [Level, string], nowMs: number): EventBuffer {
  const ring = new EventBuffer({ maxEntries: EVENTS, maxAgeMs: 3_600_000, maxChars: 1024 ** 3 }, 0);
  for (let i = 0; i < EVENTS; i++) {
    const [level, message] = make(i);
    const timeMs = nowMs - (EVENTS - i) * 20;
    ring.push(
      new LogEvent({
        ...{
          position: i + 1,
          hub: 'bench',
          receivedAtMs: timeMs,
          time: new Date(timeMs).toISOString(),
          timeMs,
          timeNanos: 0,
        },
        ...{ level, message, app: 'shop', instance: `m${i % 9}`, region: 'fra', host: undefined, provider: 'app' },
        ...{ source: undefined, structure: undefined, extras: undefined, raw: undefined, verbatim: false, demo: false },
      }),
    );
  }
  return ring;
}

/** CPU time of this thread so far. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the thread's CPU, and of the longest stretch without a turn for others. */
async function measure(ring: EventBuffer, nowMs: number) {
  const options: ContextOptions = {
    ...{ ring, nowMs, fence: createFence(), mask: createMask('true'), maxTokens: 2500 },
    metrics: METRICS as unknown as ContextOptions['metrics'],
  };
  let longestMs = 0;
  let last = cpuMs();
  let isOver = false;
  const turn = () => {
    const now = cpuMs();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const before = cpuMs();
  const text = await buildContext(options);
  const after = cpuMs();
  isOver = true;
  return { cpuMs: after - before, longestMs: Math.max(longestMs, after - last), tokens: estimateTokens(text) };
}

export const chatContext: Scenario = {
  name: 'chat-context',
  about: `What a question to the assistant costs the hub before the model is asked: the context from ${EVENTS} events in memory, ${TIMES} times.`,
  async run() {
    const rows: Row[] = [];
    const nowMs = Date.now();
    for (const [kind, make] of Object.entries(KINDS)) {
      const ring = ringOf(make, nowMs);
      const runs = [];
      for (let i = 0; i < TIMES; i++) runs.push(await measure(ring, nowMs));
      const cpu = runs.map(({ cpuMs }) => cpuMs).sort((a, b) => a - b);
      const longest = Math.max(...runs.map(({ longestMs }) => longestMs));
      const [first] = runs;
      rows.push({
        kind,
        first_ms: first!.cpuMs,
        median_ms: cpu[TIMES >> 1]!,
        longest_ms: longest,
        tokens: first!.tokens,
      });
    }
    return {
      tables: [
        {
          title: `the context of a question from ${EVENTS} events`,
          columns: [
            { key: 'kind', label: 'lines' },
            { key: 'first_ms', label: 'first ms of CPU', digits: 1 },
            { key: 'median_ms', label: 'median ms of CPU', digits: 1 },
            { key: 'longest_ms', label: 'longest stretch, ms of CPU', digits: 1 },
            { key: 'tokens', label: 'tokens' },
          ],
          rows,
        },
      ],
      notes: ['To reach: under 20 ms of the main thread.'],
    };
  },
};
