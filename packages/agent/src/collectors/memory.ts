/** Memory and swap, as `free` shows them, or as the container's limit has it where there is one. */

import { CgroupLimits } from './cgroup-limits.ts';
import type { Collector } from './collector.ts';
import type { HostFiles } from './host-files.ts';

export interface MemoryFigures {
  /** What may be used: the machine's, or the container's limit. */
  readonly totalBytes: number;
  /** What cannot be had without taking it from somebody: caches are not used memory. */
  readonly usedBytes: number;
  readonly percent: number;
  readonly swapTotalBytes: number;
  readonly swapUsedBytes: number;
  /** Processes that the kernel has killed for want of memory, since boot. */
  readonly oomKills: number | undefined;
}

export type MemoryInfo = ReadonlyMap<string, number>;

/** `/proc/meminfo`, in bytes. */
export function parseMemoryInfo(text: string): MemoryInfo {
  const info = new Map<string, number>();
  for (const [, name = '', kilobytes] of text.matchAll(/^([\w()]+): +(\d+) kB$/gm))
    info.set(name, Number(kilobytes) * 1024);
  return info;
}

/** What could be had without swapping. Kernels before 3.14 do not say; then it is what `free` used to count. */
export function availableBytes(info: MemoryInfo, arcBytes = 0): number {
  const get = (name: string) => info.get(name) ?? 0;
  const available =
    info.get('MemAvailable') ?? get('MemFree') + get('Buffers') + get('Cached') + get('SReclaimable') - get('Shmem');
  // ZFS gives its cache back too, which the kernel does not know.
  return Math.max(0, Math.min(get('MemTotal'), available + arcBytes));
}

export class MemoryCollector implements Collector<MemoryFigures> {
  readonly #files: HostFiles;
  readonly #limits: CgroupLimits;

  constructor(files: HostFiles) {
    this.#files = files;
    this.#limits = new CgroupLimits(files);
  }

  collect(): MemoryFigures | undefined {
    const text = this.#files.read('/proc/meminfo');
    if (text === undefined) return undefined;
    const info = parseMemoryInfo(text);
    const machineBytes = info.get('MemTotal') ?? 0;
    if (machineBytes === 0) return undefined;
    const limit = this.#limits.memory(machineBytes);
    const totalBytes = limit?.limitBytes ?? machineBytes;
    const usedBytes = limit?.usedBytes ?? machineBytes - availableBytes(info, this.#arcBytes());
    const swapTotal = info.get('SwapTotal') ?? 0;
    return {
      totalBytes,
      usedBytes,
      percent: Math.min(100, (100 * usedBytes) / totalBytes),
      swapTotalBytes: Math.min(swapTotal, limit?.swapLimitBytes ?? swapTotal),
      swapUsedBytes: limit?.swapUsedBytes ?? swapTotal - (info.get('SwapFree') ?? 0),
      oomKills: limit?.oomKills ?? this.#oomKills(),
    };
  }

  /** What ZFS's cache holds above its minimum. */
  #arcBytes(): number {
    const text = this.#files.read('/proc/spl/kstat/zfs/arcstats');
    if (text === undefined) return 0;
    const get = (name: string) => Number(new RegExp(`^${name} +\\d+ +(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return Math.max(0, get('size') - get('c_min'));
  }

  #oomKills(): number | undefined {
    const match = /^oom_kill (\d+)$/m.exec(this.#files.read('/proc/vmstat') ?? '');
    return match === null ? undefined : Number(match[1]);
  }
}
