/** A snapshot manager with everything around it in the hands of a test. */

import type { Log } from '../log.ts';
import { makeEvent } from '../store/made-event.fixture.ts';
import type { LogSummary } from './log-summary.ts';
import { ManualClock } from './manual-clock.fixture.ts';
import { MemorySnapshots } from './memory-snapshots.ts';
import { makeSummary } from './snapshot.fixture.ts';
import { SnapshotManager, type SnapshotManagerOptions } from './snapshot-manager.ts';
import type { SnapshotStorage } from './snapshot-storage.ts';

/** What a test may change while the manager runs. */
export interface Surroundings {
  memoryPercent: () => number | undefined;
  metrics: () => object;
  sources: () => Record<string, string>;
  summarize: (fromMs: number, toMs: number) => Promise<LogSummary>;
  save: SnapshotStorage['save'];
}

export function setupManager(given: Partial<SnapshotManagerOptions> = {}) {
  const clock = new ManualClock();
  const storage = new MemorySnapshots({ maxCount: 1000, maxAgeMs: 30 * 86_400_000, nowMs: () => clock.wallMs() });
  const world: Surroundings = {
    memoryPercent: () => 40,
    metrics: () => ({ uptime_seconds: clock.nowMs() / 1000 }),
    sources: () => ({ fly: 'connected' }),
    summarize: async () => makeSummary(),
    save: (snapshot) => storage.save(snapshot),
  };
  /** What the log was told, as "level message". */
  const said: string[] = [];
  const at = (level: string) => (message: string) => void said.push(`${level} ${message}`);
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const manager = new SnapshotManager({
    intervalMs: 0,
    errorThreshold: 10,
    memoryThresholdPercent: 85,
    metrics: () => world.metrics(),
    memoryPercent: () => world.memoryPercent(),
    sources: () => world.sources(),
    summarize: (fromMs, toMs) => world.summarize(fromMs, toMs),
    storage: {
      save: (snapshot) => world.save(snapshot),
      list: (limit) => storage.list(limit),
      get: (id) => storage.get(id),
    },
    log,
    clock,
    ...given,
  });
  return {
    manager,
    clock,
    storage,
    world,
    said,
    warnings: () => said.filter((line) => line.startsWith('warn')),
    errors: (count: number) => {
      for (let i = 0; i < count; i++) manager.observe(makeEvent(1, { level: 'error' }));
    },
    /** Triggers of what is kept, oldest first. */
    triggers: async () => (await storage.list(1000)).map(({ trigger }) => trigger).reverse(),
  };
}
