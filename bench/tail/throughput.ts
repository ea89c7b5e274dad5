/**
 * What the log path takes: a writer, the agent, and a hub, each a process of its own. The writer keeps its rate, or the row says that it
 * did not; the agent keeps up where its lag stays below a second's worth of lines.
 */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnHub } from '../../test/support/test-hub.ts';
import { startChild } from '../child.ts';
import { readProcess, resetPeak } from '../process-stats.ts';
import type { TailAgentSettings } from './agent.ts';

export interface ThroughputResult {
  readonly [column: string]: number;
  /** Lines a second that the writer wrote, and that were acknowledged. */
  readonly written: number;
  readonly acknowledged: number;
  /** Lines that were written and not acknowledged when the writer ended. */
  readonly lagLines: number;
  readonly megabytesPerSecond: number;
  /** CPU seconds a second of the agent, and of the hub. */
  readonly agentCores: number;
  readonly hubCores: number;
  /** Resident memory of the agent: in the end, and at most. */
  readonly rssMb: number;
  readonly peakRssMb: number;
}

const WARM_UP_MS = 3_000;

interface AgentStatus {
  readonly linesSent: number;
}

export async function measureThroughput(linesPerSecond: number, seconds: number): Promise<ThroughputResult> {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
  const file = join(folder, 'app.log');
  await using hub = await spawnHub();
  const settings: TailAgentSettings = {
    agent: 'throughput',
    stateDir: join(folder, 'state'),
    output: { kind: 'hub', url: hub.url, token: '' },
    files: [{ pattern: file, app: 'throughput', host: 'bench' }],
  };
  const agent = startChild({
    name: 'agent',
    command: process.execPath,
    args: [join(import.meta.dirname, 'agent.ts'), JSON.stringify(settings)],
  });
  const writer = startChild({
    name: 'writer',
    command: process.execPath,
    args: [join(import.meta.dirname, 'writer.ts'), file, String(linesPerSecond)],
  });
  const acknowledged = async (): Promise<number> => {
    agent.write('status');
    return (JSON.parse(await agent.nextLine(10_000)) as AgentStatus).linesSent;
  };
  try {
    await agent.nextLine(10_000);
    await writer.nextLine(10_000);
    await sleep(WARM_UP_MS);
    resetPeak(agent.pid);
    const sentBefore = await acknowledged();
    const [agentBefore, hubBefore, bytesBefore] = [readProcess(agent.pid), readProcess(hub.pid), statSync(file).size];
    const startedMs = performance.now();
    await sleep(seconds * 1000);
    const sent = await acknowledged();
    const elapsedS = (performance.now() - startedMs) / 1000;
    const [agentAfter, hubAfter, bytesAfter] = [readProcess(agent.pid), readProcess(hub.pid), statSync(file).size];
    const lastLine = writer.nextLine(10_000);
    process.kill(writer.pid, 'SIGTERM');
    const { last } = JSON.parse(await lastLine) as { last: number };
    const bytesPerLine = bytesAfter / last;
    return {
      written: (bytesAfter - bytesBefore) / bytesPerLine / elapsedS,
      acknowledged: (sent - sentBefore) / elapsedS,
      lagLines: Math.max(0, bytesAfter / bytesPerLine - sent),
      megabytesPerSecond: (bytesAfter - bytesBefore) / elapsedS / 1e6,
      agentCores: (agentAfter.cpuS - agentBefore.cpuS) / elapsedS,
      hubCores: (hubAfter.cpuS - hubBefore.cpuS) / elapsedS,
      rssMb: agentAfter.rssBytes / 2 ** 20,
      peakRssMb: agentAfter.peakRssBytes / 2 ** 20,
    };
  } finally {
    await writer.stop();
    await agent.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
