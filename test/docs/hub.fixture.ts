/** A hub in this process on a free port, that keeps nothing and plays no demo unless told to. */

import { createLog, loadConfig, startHub } from '@flywatch/hub';

export interface TestHub extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

export async function setupHub(env: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const { config } = loadConfig({
    HOST: '127.0.0.1',
    PORT: '0',
    PERSISTENCE_ENABLED: 'false',
    DEMO_RATE: '0',
    ...env,
  });
  const hub = await startHub({ config, log: createLog('error', () => {}) });
  const stop = () => hub.stop();
  return { url: `http://127.0.0.1:${hub.port}`, port: hub.port, stop, [Symbol.asyncDispose]: stop };
}

/** Tokens of the guarded hub in these tests. */
export const AUTH_TOKEN = 'a-token-that-reads-and-writes';
export const INGEST_TOKEN = 'a-token-that-only-writes';

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
