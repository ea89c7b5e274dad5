/** Made-up lines for development: the same contract as a real stream, without a hub. */

import { useCallback, useEffect, useState } from 'react';
import type { LogRecord } from './log-record.ts';

export interface MockLogsOptions {
  /** Lines a second. @defaultValue 2 */
  readonly rate?: number;
  /** Lines held; the oldest go. @defaultValue 1000 */
  readonly maxLines?: number;
}

export interface MockLogs {
  readonly logs: readonly LogRecord[];
  readonly connected: boolean;
  readonly clear: () => void;
}

/** Lines that look like those of a small shop. They begin once the component is mounted: a server renders none. */
export function useMockLogs({ rate = 2, maxLines = 1000 }: MockLogsOptions = {}): MockLogs {
  const [logs, setLogs] = useState<readonly LogRecord[]>([]);
  const [connected, setConnected] = useState(false);

  useEffect(() => {
    setConnected(true);
    let number = 0;
    const add = () => setLogs((held) => [...held, mockRecord(number++)].slice(-maxLines));
    add();
    const timer = setInterval(add, 1000 / rate);
    return () => {
      clearInterval(timer);
      setConnected(false);
    };
  }, [rate, maxLines]);

  const clear = useCallback(() => setLogs([]), []);
  return { logs, connected, clear };
}

const STORIES: readonly Omit<LogRecord, 'timestamp'>[] = [
  { level: 'info', source: 'api', message: 'GET /v1/users status=200 ms=12' },
  { level: 'info', source: 'web', message: 'GET /checkout status=200 ms=64' },
  { level: 'debug', source: 'worker', message: 'cache hit key=session:9f21' },
  { level: 'info', source: 'worker', message: 'job done queue=invoices took_ms=411' },
  { level: 'warn', source: 'api', message: 'pool: slow acquire wait_ms=940' },
  {
    level: 'error',
    source: 'api',
    message: 'POST /v1/payments status=500 ms=5021',
    meta: { method: 'POST', path: '/v1/payments', statusCode: 500, duration: 5021, userId: 'user_42' },
  },
];

function mockRecord(number: number): LogRecord {
  return { ...STORIES[number % STORIES.length]!, timestamp: new Date().toISOString() };
}
