/** `/logs/buffer/stats`, seed 000's summary of the memory, its errors really the recent ones. */

import { formatTimeMs, type LogEvent, levelRank } from '@flywatch/core';
import type { EventBuffer } from '../buffer/event-buffer.ts';

const RECENT_ERRORS = 5;

/** Instances named at most; a fleet of more shows in the count. */
const MAX_INSTANCES = 1000;

export function bufferStats(buffer: EventBuffer): object {
  let errors = 0;
  let warnings = 0;
  let oldest: LogEvent | undefined;
  let newest: LogEvent | undefined;
  const recent: LogEvent[] = [];
  const instances = new Set<string>();
  for (const event of buffer.events()) {
    oldest ??= event;
    newest = event;
    const rank = levelRank(event.level);
    if (rank >= levelRank('error')) {
      errors++;
      recent.push(event);
      if (recent.length > RECENT_ERRORS) recent.shift();
    } else if (rank === levelRank('warn')) warnings++;
    if (event.instance !== undefined && instances.size < MAX_INSTANCES) instances.add(event.instance);
  }
  return {
    total_count: buffer.size,
    oldest_timestamp: oldest === undefined ? null : oldest.time,
    newest_timestamp: newest === undefined ? null : newest.time,
    error_count: errors,
    warn_count: warnings,
    // Newest first.
    recent_errors: recent.reverse().map((event) => ({
      id: event.id,
      timestamp: event.time,
      received_at: formatTimeMs(event.receivedAtMs),
      level: event.level,
      app: event.app ?? null,
      instance: event.instance ?? null,
      region: event.region ?? null,
      message: event.message.slice(0, 1000).toWellFormed(),
    })),
    active_instances: [...instances],
    max_entries: buffer.capacity,
    chars: buffer.chars,
  };
}
