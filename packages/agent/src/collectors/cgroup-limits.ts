/**
 * What this machine may use, where that is less than `/proc` shows: in a container `/proc/meminfo` is often that of the whole host.
 *
 * The limits that hold for process 1, and those above it, are the limits of the machine as it looks from inside, in Docker and
 * Kubernetes, LXC and nspawn alike. On a whole host process 1 has none. Our own cgroup would be the wrong one to ask: the agent's
 * unit has limits of its own.
 */

import type { HostFiles } from './host-files.ts';

const BASE = '/sys/fs/cgroup';

/** Version 1 writes "no limit" as a page-aligned number near 2^63. */
const NO_LIMIT = 2 ** 60;

export interface MemoryLimit {
  readonly limitBytes: number;
  /** Without page cache that the kernel would give back, as `docker stats` counts. */
  readonly usedBytes: number;
  readonly swapLimitBytes: number | undefined;
  readonly swapUsedBytes: number | undefined;
  readonly oomKills: number | undefined;
}

export interface CpuLimit {
  /** Cores that may be used, as a fraction. */
  readonly cores: number;
  /** CPU time used so far, in milliseconds of a core. */
  readonly usedMs: number;
}

export class CgroupLimits {
  readonly #files: HostFiles;
  readonly #isV2: boolean;
  /** Paths by controller, the lowest first; '' stands for version 2. */
  readonly #paths: ReadonlyMap<string, readonly string[]>;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#isV2 = files.read(`${BASE}/cgroup.controllers`) !== undefined;
    this.#paths = parseCgroup(files.read('/proc/1/cgroup') ?? '');
  }

  /** The tightest limit on memory below `totalBytes`, if there is one. */
  memory(totalBytes: number): MemoryLimit | undefined {
    let tightest: { limitBytes: number; folder: string } | undefined;
    for (const folder of this.#folders('memory')) {
      const limitBytes = this.#files.readNumber(`${folder}/${this.#isV2 ? 'memory.max' : 'memory.limit_in_bytes'}`);
      if (limitBytes === undefined || limitBytes >= Math.min(NO_LIMIT, tightest?.limitBytes ?? totalBytes)) continue;
      tightest = { limitBytes, folder };
    }
    if (tightest === undefined) return undefined;
    const { limitBytes, folder } = tightest;
    const usage = this.#files.readNumber(`${folder}/${this.#isV2 ? 'memory.current' : 'memory.usage_in_bytes'}`) ?? 0;
    const stat = this.#files.read(`${folder}/memory.stat`) ?? '';
    const cache = statOf(stat, this.#isV2 ? 'inactive_file' : 'total_inactive_file') ?? 0;
    return {
      limitBytes,
      usedBytes: Math.max(0, usage - cache),
      swapLimitBytes: this.#isV2 ? this.#files.readNumber(`${folder}/memory.swap.max`) : undefined,
      swapUsedBytes: this.#isV2 ? this.#files.readNumber(`${folder}/memory.swap.current`) : statOf(stat, 'total_swap'),
      oomKills: statOf(
        this.#files.read(`${folder}/${this.#isV2 ? 'memory.events' : 'memory.oom_control'}`) ?? '',
        'oom_kill',
      ),
    };
  }

  /** The tightest limit on CPU below `cores`, by quota or by the cores that may be used. */
  cpu(cores: number): CpuLimit | undefined {
    let tightest: { cores: number; folder: string } | undefined;
    for (const folder of this.#folders('cpu')) {
      const allowed = this.#quotaOf(folder);
      if (allowed === undefined || allowed >= (tightest?.cores ?? cores)) continue;
      tightest = { cores: allowed, folder };
    }
    for (const folder of this.#folders('cpuset').slice(0, 1)) {
      const list = this.#files.read(`${folder}/${this.#isV2 ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus'}`);
      const allowed = countCores(list?.trim() ?? '');
      if (allowed === 0 || allowed >= (tightest?.cores ?? cores)) continue;
      tightest = { cores: allowed, folder: this.#isV2 ? folder : this.#folders('cpu')[0]! };
    }
    if (tightest === undefined) return undefined;
    const usedMs = this.#usedMs(tightest.folder);
    return usedMs === undefined ? undefined : { cores: tightest.cores, usedMs };
  }

  /** The kernel's own view of waiting, of this machine and not of the host around it. */
  pressure(resource: string): string | undefined {
    const limited = this.#isV2 && this.#files.read(`${BASE}/cgroup.type`) !== undefined;
    return limited ? this.#files.read(`${BASE}/${resource}.pressure`) : undefined;
  }

  #quotaOf(folder: string): number | undefined {
    if (this.#isV2) {
      const [quota, period] = (this.#files.read(`${folder}/cpu.max`) ?? '').trim().split(' ').map(Number);
      return quota! > 0 && period! > 0 ? quota! / period! : undefined;
    }
    const quota = this.#files.readNumber(`${folder}/cpu.cfs_quota_us`) ?? -1;
    const period = this.#files.readNumber(`${folder}/cpu.cfs_period_us`) ?? 0;
    return quota > 0 && period > 0 ? quota / period : undefined;
  }

  #usedMs(folder: string): number | undefined {
    if (this.#isV2) {
      const usec = statOf(this.#files.read(`${folder}/cpu.stat`) ?? '', 'usage_usec');
      return usec === undefined ? undefined : usec / 1000;
    }
    const nanoseconds = this.#files.readNumber(`${folder.replace(`${BASE}/cpu`, `${BASE}/cpuacct`)}/cpuacct.usage`);
    return nanoseconds === undefined ? undefined : nanoseconds / 1e6;
  }

  /**
   * Folders from process 1's cgroup up to what is mounted. A container of version 1 names its path on the host, of which it sees
   * the last part alone, as the root: a folder that is not there has no limits, and the root comes last in any case.
   */
  #folders(controller: string): readonly string[] {
    const base = this.#isV2 ? BASE : `${BASE}/${controller}`;
    return (this.#paths.get(this.#isV2 ? '' : controller) ?? ['']).map((path) => base + path);
  }
}

/** `/proc/PID/cgroup`: a line a hierarchy, `4:memory:/docker/…`, or `0::/…` for version 2. */
export function parseCgroup(text: string): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>();
  for (const [, controllers = '', path = ''] of text.matchAll(/^\d+:([^:]*):(\/.*)$/gm)) {
    const levels: string[] = [];
    // A path out of our own view begins with `..`; what is above cannot be seen.
    for (
      let at = path.includes('/..') ? '' : path.replace(/\/$/, '');
      at !== '';
      at = at.slice(0, at.lastIndexOf('/'))
    ) {
      levels.push(at);
    }
    levels.push('');
    for (const controller of controllers.split(',')) paths.set(controller, levels);
  }
  return paths;
}

/** Number of cores in a list such as `0-3,8`. */
export function countCores(list: string): number {
  let count = 0;
  for (const [, first, last] of list.matchAll(/(\d+)(?:-(\d+))?/g)) count += Number(last ?? first) - Number(first) + 1;
  return count;
}

function statOf(text: string, key: string): number | undefined {
  const match = new RegExp(`^${key} (\\d+)$`, 'm').exec(text);
  return match === null ? undefined : Number(match[1]);
}
