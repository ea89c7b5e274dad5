/**
 * What a model is told of the logs before it asks (seed 001): the state, errors that are alike as one, the newest lines. From the ring alone, in
 * slices, so that a question delays no live stream; within a budget of tokens, newest and most telling first.
 *
 *   ## Current State
 *   CPU: 23% | Mem: 44% | Conns: 15 | NATS: up | Uptime: 2h34m
 *   Logs: 8,432 buffered (last 30min) | Errors: 12 | Warns: 45
 *   ## Recent Errors
 *   [15:30:01] ERR  web-abc123 iad: Connection refused to postgres (x3 in last 5min)  #0hod394fsfe-29b62
 *   ## Last 20 Logs
 *   …
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogEvent } from '@flywatch/core';
import type { Fence } from '../tools/fence.ts';
import { logLine, shortened, withCommas } from '../tools/log-text.ts';
import type { Mask } from '../tools/redact.ts';
import type { ToolSources } from '../tools/tool.ts';
import { AlikeGroups, type Group } from './alike-groups.ts';
import { estimateTokens } from './tokens.ts';

/** What is in the memory of the hub: indexes run on without gaps. */
export interface EventRing {
  readonly first: number;
  readonly end: number;
  at(index: number): LogEvent | undefined;
}

export interface ContextOptions {
  readonly ring: EventRing;
  readonly metrics: ReturnType<ToolSources['metrics']>;
  readonly fence: Fence;
  readonly mask: Mask;
  readonly nowMs: number;
  readonly maxTokens: number;
}

/** Work between two looks at the clock, and time after which others have their turn. */
const EVENTS_PER_LOOK = 128;
const SLICE_MS = 2;

const MAX_GROUPS_SHOWN = { errors: 12, warnings: 6 };
const LAST_LOGS = 20;
const MAX_ORIGINS = 8;
const LINE_CHARS = 240;
const RECENT_MS = 5 * 60_000;

export async function buildContext(options: ContextOptions): Promise<string> {
  const { metrics, fence, nowMs, maxTokens } = options;
  const pause = createPause();
  const seen = await look(options, pause);
  const head = ['## Current State', stateLine(metrics), logsLine(seen, nowMs)];
  if (seen.demo > 0) head.push('These lines are demo traffic that Flywatch makes up until a source is connected.');

  const sections: Section[] = [
    { title: 'Lines by app and region', lines: originLines(seen, options.mask), inOrder: 'as given' },
    { title: 'Recent Errors', lines: groupLines(seen.errors, MAX_GROUPS_SHOWN.errors, options), inOrder: 'as given' },
    {
      title: 'Recent Warnings',
      lines: groupLines(seen.warnings, MAX_GROUPS_SHOWN.warnings, options),
      inOrder: 'as given',
    },
    { title: `Last ${LAST_LOGS} Logs`, lines: newestLines(seen.newest, options), inOrder: 'reversed' },
  ];
  const frame = estimateTokens(
    [...head, fence.enclose('logs', ''), ...sections.map(({ title }) => `## ${title}\n`)].join('\n'),
  );
  const taken = await take(sections, maxTokens - frame, pause);
  const body = sections.flatMap(({ title, inOrder }, i) => {
    const lines = taken[i]!;
    return lines.length === 0 ? [] : [`## ${title}`, ...(inOrder === 'reversed' ? lines.reverse() : lines)];
  });
  return [...head, fence.enclose('logs', body.length === 0 ? 'There are no log lines yet.' : body.join('\n'))].join(
    '\n',
  );
}

interface Section {
  readonly title: string;
  /** The most telling first; made when they are asked for. */
  readonly lines: Iterator<string>;
  readonly inOrder: 'as given' | 'reversed';
}

/** Lines of each section in turns, so that a flood of one kind leaves room for the others. */
async function take(sections: readonly Section[], maxTokens: number, pause: () => Promise<void>): Promise<string[][]> {
  const taken = sections.map((): string[] => []);
  const open = new Set(sections.keys());
  let tokens = 0;
  while (open.size > 0) {
    for (const i of open) {
      const next = sections[i]!.lines.next();
      if (next.done === true) {
        open.delete(i);
        continue;
      }
      tokens += estimateTokens(next.value) + 1;
      if (tokens > maxTokens) return taken;
      taken[i]!.push(next.value);
      await pause();
    }
  }
  return taken;
}

interface Seen {
  readonly total: number;
  readonly demo: number;
  readonly oldestMs: number | undefined;
  readonly errorCount: number;
  readonly warningCount: number;
  readonly errors: AlikeGroups;
  readonly warnings: AlikeGroups;
  /** Newest first. */
  readonly newest: readonly LogEvent[];
  readonly origins: ReadonlyMap<string, { lines: number; errors: number }>;
}

/** From the newest event back. What leaves the ring meanwhile is the oldest, and is not seen. */
async function look({ ring, nowMs }: ContextOptions, pause: () => Promise<void>): Promise<Seen> {
  const errors = new AlikeGroups(nowMs - RECENT_MS);
  const warnings = new AlikeGroups(nowMs - RECENT_MS);
  const newest: LogEvent[] = [];
  const origins = new Map<string, { lines: number; errors: number }>();
  const counts = { total: 0, demo: 0, errorCount: 0, warningCount: 0 };
  let oldestMs: number | undefined;
  for (let index = ring.end - 1, looked = 0; index >= ring.first; index--) {
    if (++looked % EVENTS_PER_LOOK === 0) await pause();
    const event = ring.at(index);
    if (event === undefined) break;
    if (event.lost !== undefined) continue;
    counts.total++;
    oldestMs = event.receivedAtMs;
    if (event.demo) counts.demo++;
    if (newest.length < LAST_LOGS) newest.push(event);
    const isError = event.level === 'error' || event.level === 'fatal';
    countOrigin(origins, event, isError);
    if (isError) {
      counts.errorCount++;
      errors.add(event);
    } else if (event.level === 'warn') {
      counts.warningCount++;
      warnings.add(event);
    }
  }
  return { ...counts, oldestMs, errors, warnings, newest, origins };
}

/** Origins that are counted: apps by regions are few, but names come from outside. */
const MAX_COUNTED_ORIGINS = 500;

function countOrigin(origins: Map<string, { lines: number; errors: number }>, event: LogEvent, isError: boolean): void {
  const name = `${event.app ?? event.host ?? '–'} ${event.region ?? ''}`;
  let counted = origins.get(name);
  if (counted === undefined) {
    if (origins.size >= MAX_COUNTED_ORIGINS) return;
    counted = { lines: 0, errors: 0 };
    origins.set(name, counted);
  }
  counted.lines++;
  if (isError) counted.errors++;
}

function* originLines({ origins }: Seen, mask: Mask): Generator<string, void> {
  const most = [...origins].sort(([, a], [, b]) => b.errors - a.errors || b.lines - a.lines);
  for (const [name, { lines, errors }] of most.slice(0, MAX_ORIGINS)) {
    yield `${shortened(name, mask, 80)}: ${lines}${errors === 0 ? '' : `, errors ${errors}`}`;
  }
}

function* groupLines(groups: AlikeGroups, most: number, options: ContextOptions): Generator<string, void> {
  const telling = groups.mostTelling();
  for (const group of telling.slice(0, most)) yield groupLine(group, options);
  if (telling.length > most) yield `(${telling.length - most} more kinds: get_patterns lists them)`;
}

function groupLine({ newest, count, recent, firstMs }: Group, options: ContextOptions): string {
  const line = logLine(newest, options, LINE_CHARS);
  if (count === 1) return line;
  const often =
    recent === count
      ? `x${count} in last 5min`
      : `x${count} since ${new Date(firstMs).toISOString().slice(11, 19)}${recent === 0 ? '' : `, x${recent} in last 5min`}`;
  const id = line.lastIndexOf('  #');
  return `${line.slice(0, id)} (${often})${line.slice(id)}`;
}

function* newestLines(newest: readonly LogEvent[], options: ContextOptions): Generator<string, void> {
  for (const event of newest) yield logLine(event, options, LINE_CHARS);
}

/** `CPU: 23% | Mem: 44% | Conns: 15 | NATS: up | Uptime: 2h34m` */
function stateLine({ system, nats_connected, uptime_seconds, ...rest }: ContextOptions['metrics']): string {
  const percent = (value: number | undefined) => (value === undefined ? 'unknown' : `${Math.round(value)}%`);
  const connections = rest.active_sse_connections + rest.active_ws_connections;
  const bus = 'fly' in rest.sources ? (nats_connected ? 'up' : 'down') : 'not configured';
  const minutes = Math.floor(uptime_seconds / 60);
  const uptime = minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${minutes % 60}m`;
  return `CPU: ${percent(system?.cpu_usage_percent)} | Mem: ${percent(system?.memory_usage_percent)} | Conns: ${connections} | NATS: ${bus} | Uptime: ${uptime} (of the hub and its machine)`;
}

/** `Logs: 8,432 buffered (last 30min) | Errors: 12 | Warns: 45` */
function logsLine({ total, oldestMs, errorCount, warningCount }: Seen, nowMs: number): string {
  const span = oldestMs === undefined ? '' : ` (last ${Math.max(1, Math.ceil((nowMs - oldestMs) / 60_000))}min)`;
  return `Logs: ${withCommas(total)} buffered${span} | Errors: ${withCommas(errorCount)} | Warns: ${withCommas(warningCount)}. Older ones: by the tools.`;
}

/** Lets others have their turn where a slice is over. */
function createPause(): () => Promise<void> {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < SLICE_MS) return;
    await nextTurn();
    began = performance.now();
  };
}
