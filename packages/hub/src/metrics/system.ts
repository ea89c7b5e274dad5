/**
 * CPU and memory of the machine and of this process. In a container the machine is what the cgroup allows: on a 64-core
 * host a hub limited to 256 MB has 256 MB. CPU is a share of what may be used, between two samples at least a second
 * apart; before the second sample there is none, rather than a made-up one.
 */

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem, uptime } from 'node:os';

export interface SystemSample {
  /** CPU in use on the machine or in the cgroup, 0 to 100 % of what may be used. */
  readonly cpuPercent: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
  readonly uptimeSeconds: number;
  /** CPU of this process, 0 to 100 % of one core and more with several threads. */
  readonly processCpuPercent: number;
  readonly processRssBytes: number;
}

interface CpuReading {
  readonly atMs: number;
  /** Busy CPU time of machine or cgroup, milliseconds of core. */
  readonly busyMs: number;
  readonly processMs: number;
}

/** Shorter intervals measure the clock tick, not the load. */
const MIN_INTERVAL_MS = 1000;

export class SystemMeter {
  readonly #cgroup: Cgroup;
  readonly #cores: number;
  #last: CpuReading;
  #cpuPercent = 0;
  #processCpuPercent = 0;
  #measured = false;

  constructor(root = '/sys/fs/cgroup') {
    this.#cgroup = openCgroup(root);
    this.#cores = Math.min(availableParallelism(), this.#cgroup.cpuLimit() ?? Number.POSITIVE_INFINITY);
    this.#last = this.#read();
  }

  /** The figures now; undefined until a first interval has passed. */
  sample(): SystemSample | undefined {
    const now = this.#read();
    const elapsed = now.atMs - this.#last.atMs;
    if (elapsed >= MIN_INTERVAL_MS) {
      this.#cpuPercent = clampPercent((100 * (now.busyMs - this.#last.busyMs)) / elapsed / this.#cores);
      this.#processCpuPercent = Math.max(0, (100 * (now.processMs - this.#last.processMs)) / elapsed);
      this.#last = now;
      this.#measured = true;
    }
    if (!this.#measured) return undefined;
    const limit = this.#cgroup.memoryLimit();
    const total = totalmem();
    const limited = limit !== undefined && limit < total;
    return {
      cpuPercent: this.#cpuPercent,
      memoryUsedBytes: (limited ? this.#cgroup.memoryUsed() : undefined) ?? total - availableMemory(),
      memoryTotalBytes: limited ? limit : total,
      uptimeSeconds: Math.floor(uptime()),
      processCpuPercent: this.#processCpuPercent,
      processRssBytes: process.memoryUsage.rss(),
    };
  }

  #read(): CpuReading {
    const { user, system } = process.cpuUsage();
    return {
      atMs: performance.now(),
      busyMs: this.#cgroup.cpuMs() ?? machineBusyMs(),
      processMs: (user + system) / 1000,
    };
  }
}

function machineBusyMs(): number {
  let busy = 0;
  for (const { times } of cpus()) busy += times.user + times.nice + times.sys + times.irq;
  return busy;
}

/** Memory that could be had without swapping: `MemAvailable`, not free memory, which caches eat (`free` does the same). */
function availableMemory(): number {
  const match = /^MemAvailable:\s+(\d+) kB/m.exec(readText('/proc/meminfo') ?? '');
  return match === null ? freemem() : Number(match[1]) * 1024;
}

interface Cgroup {
  memoryLimit(): number | undefined;
  memoryUsed(): number | undefined;
  /** Cores that may be used, as a fraction. */
  cpuLimit(): number | undefined;
  cpuMs(): number | undefined;
}

const NO_CGROUP: Cgroup = {
  memoryLimit: () => undefined,
  memoryUsed: () => undefined,
  cpuLimit: () => undefined,
  cpuMs: () => undefined,
};

/** The limits that hold here: version 2, version 1, or none. The root cgroup of a whole machine has no limits. */
function openCgroup(root: string): Cgroup {
  if (readNumber(`${root}/memory.current`) !== undefined) return cgroupV2(root);
  if (readNumber(`${root}/memory/memory.usage_in_bytes`) !== undefined) return cgroupV1(root);
  return NO_CGROUP;
}

function cgroupV2(root: string): Cgroup {
  return {
    memoryLimit: () => readNumber(`${root}/memory.max`),
    memoryUsed: () =>
      withoutCache(readNumber(`${root}/memory.current`), readStat(`${root}/memory.stat`, 'inactive_file')),
    cpuLimit: () => {
      const [quota, period] = (readText(`${root}/cpu.max`) ?? '').trim().split(' ').map(Number);
      return quota! > 0 && period! > 0 ? quota! / period! : undefined;
    },
    cpuMs: () => {
      const usec = readStat(`${root}/cpu.stat`, 'usage_usec');
      return usec === undefined ? undefined : usec / 1000;
    },
  };
}

function cgroupV1(root: string): Cgroup {
  return {
    memoryLimit: () => {
      const limit = readNumber(`${root}/memory/memory.limit_in_bytes`);
      // Version 1 writes "no limit" as a page-aligned number near 2^63.
      return limit === undefined || limit > 2 ** 60 ? undefined : limit;
    },
    memoryUsed: () =>
      withoutCache(
        readNumber(`${root}/memory/memory.usage_in_bytes`),
        readStat(`${root}/memory/memory.stat`, 'total_inactive_file'),
      ),
    cpuLimit: () => {
      const quota = readNumber(`${root}/cpu/cpu.cfs_quota_us`);
      const period = readNumber(`${root}/cpu/cpu.cfs_period_us`);
      return quota !== undefined && period !== undefined && quota > 0 ? quota / period : undefined;
    },
    cpuMs: () => {
      const nanoseconds = readNumber(`${root}/cpuacct/cpuacct.usage`);
      return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
    },
  };
}

/** Page cache that the kernel would give back counts as free, as in `docker stats`. */
function withoutCache(used: number | undefined, inactive: number | undefined): number | undefined {
  return used === undefined ? undefined : Math.max(0, used - (inactive ?? 0));
}

function readStat(path: string, key: string): number | undefined {
  const match = new RegExp(`^${key} (\\d+)$`, 'm').exec(readText(path) ?? '');
  return match === null ? undefined : Number(match[1]);
}

function readNumber(path: string): number | undefined {
  const text = readText(path)?.trim();
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** These files do not exist everywhere; what cannot be read is simply unknown. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function clampPercent(value: number): number {
  return Math.min(100, Math.max(0, value));
}
