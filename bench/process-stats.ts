// CPU time and memory of a process and its children, from /proc. Linux only, as is the bench.
//
// /proc/PID/stat counts utime and stime of all threads, those that have ended included, in ticks of 10 ms: over a window of
// several seconds that is below half a percent. A launcher that starts the real server, or nginx with its worker, is a small tree: all of
// it is added up.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** USER_HZ: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessStats {
  cpuS: number;
  /** VmRSS: pages that are in memory now. */
  rssBytes: number;
  /** VmHWM: the most since the start, or since `resetPeak`. */
  peakRssBytes: number;
}

interface StatLine {
  parent: number;
  ticks: number;
}

function readStat(pid: number): StatLine | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The program's name stands in parentheses and may hold anything, so count from the last one.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return undefined; // ended between the listing and the look
  }
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = Number.isInteger(pid) ? readStat(pid) : undefined;
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

function memoryField(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
}

/** Reads a process together with all its descendants. A process that is gone counts nothing. */
export function readProcess(root: number): ProcessStats {
  const sum: ProcessStats = { cpuS: 0, rssBytes: 0, peakRssBytes: 0 };
  for (const pid of processTree(root)) {
    const stat = readStat(pid);
    if (!stat) continue;
    sum.cpuS += stat.ticks / TICKS_PER_SECOND;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      sum.rssBytes += memoryField(status, 'VmRSS');
      sum.peakRssBytes += memoryField(status, 'VmHWM');
    } catch {
      // ended since; its CPU time is counted, memory it has none
    }
  }
  return sum;
}

/** Sets the kernel's peak of the resident memory back to what it is now. */
export function resetPeak(root: number): void {
  for (const pid of processTree(root)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // not ours to write, or gone: the peak is then that of the whole run
    }
  }
}

/** What the memory of one process is made of. */
export interface MemoryParts {
  /** All that is mapped and in memory. */
  rssBytes: number;
  /** Pages that several processes share, divided by their number. */
  pssBytes: number;
  /** What would be free without it. */
  privateBytes: number;
  /** Of no file: heap and stacks. */
  anonymousBytes: number;
}

/** Reads one process alone, without its children. */
export function readMemoryParts(pid: number): MemoryParts {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const field = (name: string): number => memoryField(rollup, name);
  return {
    rssBytes: field('Rss'),
    pssBytes: field('Pss'),
    privateBytes: field('Private_Clean') + field('Private_Dirty'),
    anonymousBytes: field('Anonymous'),
  };
}

/** Bytes that a process has written to disks since its start. */
export function readDiskWrites(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0);
}

/** CPU seconds of the whole machine since its start. */
export interface MachineStats {
  /** In processes, user and system. */
  processesS: number;
  /** Interrupts. On loopback the kernel does a reader's share of TCP here, on nobody's account. */
  interruptsS: number;
  /** Taken away by the host of this virtual machine. */
  stolenS: number;
}

export function readMachine(): MachineStats {
  const [, ...ticks] = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.split(/\s+/);
  const seconds = (...columns: number[]): number =>
    columns.reduce((sum, column) => sum + Number(ticks[column]), 0) / TICKS_PER_SECOND;
  // user nice system idle iowait irq softirq steal
  return { processesS: seconds(0, 1, 2), interruptsS: seconds(5, 6), stolenS: seconds(7) };
}
