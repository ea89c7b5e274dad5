import type { LogFilters } from '@flywatch/client';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import {
  createLogStream,
  INITIAL_SNAPSHOT,
  type LogStream,
  type LogStreamOptions,
  type LogStreamSnapshot,
} from './log-stream.ts';

export interface LogStreamHandle extends LogStreamSnapshot {
  readonly clear: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** Tries at once instead of waiting for the next try. */
  readonly reconnect: () => void;
}

/**
 * Follows a hub. Connects while the component is mounted and not on a server; other filters begin again, another address
 * or token makes another stream.
 */
export function useLogStream(options: LogStreamOptions = {}): LogStreamHandle {
  const { url, token, fetch, tail, maxLines, batchMs, openTail } = options;
  const filterKey = JSON.stringify(filterValues(options));
  // Filters are given anew to the stream that is there: what is in the list then is of the new ones alone.
  const [initialFilters] = useState(() => filterValues(options));
  const { stream, applied } = useMemo(() => {
    const made = createLogStream({ ...initialFilters, url, token, fetch, tail, maxLines, batchMs, openTail });
    return { stream: made, applied: { key: JSON.stringify(initialFilters) } };
  }, [initialFilters, url, token, fetch, tail, maxLines, batchMs, openTail]);

  useEffect(() => {
    if (applied.key === filterKey) return;
    applied.key = filterKey;
    stream.setFilters(JSON.parse(filterKey) as LogFilters);
  }, [stream, applied, filterKey]);

  return useStream(stream);
}

/** As {@link useLogStream}, for a stream that was made elsewhere and outlives the component. */
export function useStream(stream: LogStream): LogStreamHandle {
  const snapshot = useSyncExternalStore(stream.subscribe, stream.getSnapshot, () => INITIAL_SNAPSHOT);
  const { clear, pause, resume, reconnect } = stream;
  return { ...snapshot, clear, pause, resume, reconnect };
}

function filterValues({ level, app, instance, region, provider, source, host, q }: LogFilters): LogFilters {
  return { level, app, instance, region, provider, source, host, q };
}
