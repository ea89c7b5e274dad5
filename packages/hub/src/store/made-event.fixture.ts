/** Events for tests that have nothing to do with what events say. */

import { type EventInit, LogEvent } from '@flywatch/core';

/** A plain line of now. */
export function makeEvent(position: number, more: Partial<EventInit> = {}): LogEvent {
  const timeMs = more.timeMs ?? Date.now();
  return new LogEvent({
    position,
    hub: 'test0',
    receivedAtMs: timeMs,
    time: new Date(timeMs).toISOString(),
    timeMs,
    timeNanos: 0,
    level: 'info',
    message: `GET /items/${position} 200 in 3ms`,
    app: 'web',
    instance: 'i1',
    region: 'iad',
    host: undefined,
    provider: 'app',
    source: undefined,
    structure: undefined,
    extras: undefined,
    raw: undefined,
    verbatim: false,
    demo: false,
    ...more,
  });
}
