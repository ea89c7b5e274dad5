/** What `/api/logs` says besides log lines: seed 002's system and error events, all with its four keys. */

import type { SourceStatus } from '../ingest/source.ts';

export interface NatstreamNotice {
  readonly message: string;
  readonly timestamp: number;
  readonly type: 'system' | 'error';
  readonly persistent: boolean;
}

/** How things stand with the bus: what a stream begins with, and what it is told when that changes. */
export function busNotice(bus: SourceStatus | undefined, nowMs: number): NatstreamNotice {
  if (bus === undefined) return notice('system', 'Connected to log stream (no bus is configured)', nowMs);
  if (bus.state === 'connected') return notice('system', 'Connected to log stream', nowMs);
  if (bus.state === 'connecting') return notice('system', 'Connected to log stream; connecting to the bus', nowMs);
  return notice('error', `Connection error: ${bus.state}${bus.detail === undefined ? '' : `: ${bus.detail}`}`, nowMs);
}

/** The first event of a stream, which is a `system` event however things stand. */
export function greeting(bus: SourceStatus | undefined, nowMs: number): string {
  const now = busNotice(bus, nowMs);
  if (now.type === 'system') return sseData(now);
  return sseData(notice('system', 'Connected to log stream', nowMs)) + sseData(now);
}

export function sseData(value: NatstreamNotice): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function notice(type: 'system' | 'error', message: string, timestamp: number): NatstreamNotice {
  return { message, timestamp, type, persistent: type === 'error' };
}
