// Starts the C readers and talks to them; readers.c says how they count and what each figure means.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../child.ts';

export interface ReadersOptions {
  mode: 'sse' | 'ws' | 'natsws';
  port: number;
  /** Given to the connections in turn. */
  paths: string[];
  connections: number;
  user?: string;
  password?: string;
  stuck?: boolean;
  samples?: number;
  napUs?: number;
}

/** What readers.c prints, under its names. */
export interface ReadersReport {
  connections: number;
  closed: number;
  events: number;
  least: number;
  most: number;
  bytes: number;
  reads: number;
  other_frames: number;
  pings: number;
  sampled: number;
  gaps: number;
  repeats: number;
  cpu_s: number;
  window: { seconds: number; events: number; bytes: number; reads: number; cpu_s: number };
  latency_ms: { count: number; mean: number; p50: number; p90: number; p99: number; max: number };
}

export interface Readers {
  child: Child;
  /** Begins and ends the measuring window; `read` lets stuck readers go on; `count` only asks. */
  command(name: 'start' | 'stop' | 'count' | 'read'): Promise<ReadersReport>;
  /** Waits until `events` have come, or until nothing more comes for `quietMs`. */
  settled(events: number, quietMs?: number): Promise<ReadersReport>;
  stop(): Promise<ReadersReport>;
}

/** All connections are open, and with NATS subscribed, when this resolves. */
export async function startReaders(program: string, options: ReadersOptions): Promise<Readers> {
  const dir = mkdtempSync(join(tmpdir(), 'flywatch-bench-'));
  const pathsFile = join(dir, 'paths');
  writeFileSync(pathsFile, `${options.paths.join('\n')}\n`);
  const args = ['--mode', options.mode, '--port', String(options.port), '--connections', String(options.connections)];
  args.push('--paths-file', pathsFile);
  if (options.user !== undefined) args.push('--user', options.user);
  if (options.password !== undefined) args.push('--pass', options.password);
  if (options.samples !== undefined) args.push('--samples', String(options.samples));
  if (options.napUs !== undefined) args.push('--nap-us', String(options.napUs));
  if (options.stuck) args.push('--stuck');
  const child = startChild({ name: 'readers', command: program, args });

  const report = async (type: string): Promise<ReadersReport> => {
    for (;;) {
      const line = JSON.parse(await child.nextLine(30_000));
      if (line.type === type) return line;
    }
  };
  try {
    await report('ready');
  } catch (error) {
    await child.stop();
    throw error;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }

  const command: Readers['command'] = (name) => {
    child.write(name);
    return report('count');
  };
  return {
    child,
    command,
    async settled(events, quietMs = 2000) {
      let last = await command('count');
      let changed = Date.now();
      while (last.events < events && Date.now() - changed < quietMs) {
        await sleep(50);
        const next = await command('count');
        if (next.events !== last.events) changed = Date.now();
        last = next;
      }
      return last;
    },
    async stop() {
      const stopped = child.stop();
      const result = await report('result');
      await stopped;
      return result;
    },
  };
}
