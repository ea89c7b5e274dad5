/** Events for tests: all alike but for what a test gives. */

import { LogEvent } from '@flywatch/core';

export function makeEvent(position: number, message = `line ${position}`, receivedAtMs = 0): LogEvent {
  return new LogEvent({
    position,
    hub: 'test0',
    receivedAtMs,
    time: new Date(receivedAtMs).toISOString(),
    timeMs: receivedAtMs,
    timeNanos: 0,
    level: 'info',
    message,
    app: undefined,
    instance: undefined,
    region: undefined,
    host: undefined,
    provider: undefined,
    source: undefined,
    structure: undefined,
    extras: undefined,
    raw: undefined,
    verbatim: false,
    demo: false,
  });
}
