/** `flywatch agent --dry-run`: one cycle of figures and checks, printed as it would be sent, and sent nowhere. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type AgentConfig, CheckRunner, checkRow, HostCollector, metricsRow } from '@flywatch/agent';

/** Over which rates are taken: as long as the original took for its CPU figure. */
const RATE_INTERVAL_MS = 1000;

export async function dryRun({ vpsName, appName, apps }: AgentConfig): Promise<void> {
  const collector = new HostCollector({
    onProblem: (name, error) => process.stderr.write(`warning: figures of ${name} cannot be had: ${error}\n`),
  });
  const runner = new CheckRunner({ checks: apps.flatMap(({ checks }) => checks), host: vpsName, onResult: () => {} });
  await collector.collect();
  const [results] = await Promise.all([runner.runOnce(), sleep(RATE_INTERVAL_MS)]);
  const metrics = metricsRow(await collector.collect(), { atMs: Date.now(), vpsName, appName });
  const cycle = { metrics: [metrics], checks: results.map((result) => checkRow(result, vpsName)) };
  process.stdout.write(`${JSON.stringify(cycle, null, 2)}\n`);
}
