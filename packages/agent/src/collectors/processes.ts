/** Processes: how many there are in which state, and which take most CPU and memory. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';
import { type KernelUnits, readKernelUnits } from './kernel-units.ts';

/** Shown of each list. */
const TOP = 5;

/** Looked at before others get their turn: a hub that watches its own host has readers waiting. */
const PER_TURN = 32;

/** Looked at in one cycle, some 10 µs each; a host with more gets the count of all and the top of these. */
const MAX_LOOKED_AT = 4096;

export interface ProcessFigures {
  readonly count: number;
  readonly threads: number;
  readonly running: number;
  /** In a sleep that no signal ends: waiting for a disk, mostly. */
  readonly blocked: number;
  readonly zombies: number;
  /** Undefined before a second reading. */
  readonly topCpu: readonly ProcessCpu[] | undefined;
  readonly topMemory: readonly ProcessMemory[];
}

/**
 * The name is what the kernel has, at most 15 characters. Command lines say more, passwords among it: they stay on the host.
 */
interface ProcessName {
  readonly pid: number;
  readonly name: string;
}

export interface ProcessCpu extends ProcessName {
  /** Of one core, as in `top`: 200 for two cores. */
  readonly cpuPercent: number;
}

export interface ProcessMemory extends ProcessName {
  readonly memoryBytes: number;
}

export interface ProcessStat {
  readonly name: string;
  readonly state: string;
  /** CPU time used, user and system, in ticks. */
  readonly ticks: number;
  readonly threads: number;
  /** Together with the pid this names a process for good. */
  readonly startedAt: number;
  readonly residentPages: number;
}

/** `/proc/PID/stat` (proc(5)). The name is in parentheses and may hold some itself, so the last one ends it. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open === -1 || close === -1) return undefined;
  const fields = text.slice(close + 2).split(' ', 22);
  if (fields.length < 22) return undefined;
  return {
    name: text.slice(open + 1, close),
    state: fields[0]!,
    ticks: Number(fields[11]) + Number(fields[12]),
    threads: Number(fields[17]),
    startedAt: Number(fields[19]),
    residentPages: Number(fields[21]),
  };
}

interface Seen {
  readonly startedAt: number;
  readonly ticks: number;
}

export class ProcessesCollector implements Collector<ProcessFigures> {
  readonly #files: HostFiles;
  readonly #units: KernelUnits;
  #before = new Map<number, Seen>();
  #beforeMs = Number.NaN;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#units = readKernelUnits();
  }

  async collect(nowMs: number): Promise<ProcessFigures | undefined> {
    const pids = this.#files.list('/proc').filter(isPid);
    if (pids.length === 0) return undefined;
    const elapsedSeconds = (nowMs - this.#beforeMs) / 1000;
    const seen = new Map<number, Seen>();
    const [topCpu, topMemory] = [new Top<ProcessCpu>(), new Top<ProcessMemory>()];
    const count = { threads: 0, R: 0, D: 0, Z: 0 };
    for (const [i, text] of pids.slice(0, MAX_LOOKED_AT).entries()) {
      if (i % PER_TURN === 0) await nextTurn();
      const stat = parseProcessStat(this.#files.read(`/proc/${text}/stat`) ?? '');
      if (stat === undefined) continue;
      const pid = Number(text);
      const { name, state, ticks, startedAt, residentPages } = stat;
      count.threads += stat.threads;
      if (state === 'R' || state === 'D' || state === 'Z') count[state]++;
      const before = this.#before.get(pid);
      const known = before?.startedAt === startedAt ? before.ticks : 0;
      seen.set(pid, { startedAt, ticks });
      topCpu.offer(ticks - known, { pid, name, cpuPercent: 0 });
      topMemory.offer(residentPages, { pid, name, memoryBytes: residentPages * this.#units.pageBytes });
    }
    const isFirst = Number.isNaN(this.#beforeMs);
    this.#before = seen;
    this.#beforeMs = nowMs;
    return {
      count: pids.length,
      threads: count.threads,
      running: count.R,
      blocked: count.D,
      zombies: count.Z,
      topCpu: isFirst
        ? undefined
        : topCpu.take().map(([ticks, process]) => ({
            ...process,
            cpuPercent: (100 * ticks) / this.#units.ticksPerSecond / elapsedSeconds,
          })),
      topMemory: topMemory.take().map(([, process]) => process),
    };
  }
}

function isPid(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 49 && first <= 57;
}

/** The greatest few of many, without sorting all of them. What has nothing is not among them. */
class Top<T> {
  readonly #kept: [number, T][] = [];

  offer(amount: number, item: T): void {
    const least = this.#kept.at(-1)?.[0] ?? 0;
    if (amount <= 0 || (this.#kept.length === TOP && amount <= least)) return;
    const place = this.#kept.findIndex(([kept]) => kept < amount);
    this.#kept.splice(place === -1 ? this.#kept.length : place, 0, [amount, item]);
    if (this.#kept.length > TOP) this.#kept.pop();
  }

  take(): readonly [number, T][] {
    return this.#kept;
  }
}
