/** Disks by mount: how full they are, in bytes and in files, and what they are doing. No `df` is run for it. */

import { statfs } from 'node:fs/promises';
import type { Collector } from './collector.ts';
import { type DiskCounter, type DiskStats, parseDiskStats } from './disk-io.ts';
import type { HostFiles } from './host-files.ts';
import { type Mount, parseMounts } from './mounts.ts';
import { KeyedRates } from './rates.ts';

/** A file system that takes longer is not asked again until it has answered. */
const STATFS_TIMEOUT_MS = 2000;

export interface DiskFigures {
  readonly mount: string;
  readonly type: string;
  readonly source: string;
  readonly readOnly: boolean;
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** What a user who is not root may still write. */
  readonly availableBytes: number;
  /** As `df` has it: of what is used and available, without what is reserved for root. */
  readonly percent: number;
  /** Undefined where the file system makes inodes as it needs them. */
  readonly inodesPercent: number | undefined;
  readonly io: DiskIo | undefined;
}

export interface DiskIo {
  readonly readBytesPerSecond: number;
  readonly writtenBytesPerSecond: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  /** Mean time that a request took, waiting included; undefined where there was none. */
  readonly awaitMs: number | undefined;
  /** Share of the time in which the disk had something to do. */
  readonly busyPercent: number;
}

export class DisksCollector implements Collector<readonly DiskFigures[]> {
  readonly #files: HostFiles;
  readonly #rates = new KeyedRates<DiskCounter>();
  readonly #stuck = new Set<string>();

  constructor(files: HostFiles) {
    this.#files = files;
  }

  async collect(nowMs: number): Promise<readonly DiskFigures[] | undefined> {
    const text = this.#files.read('/proc/self/mountinfo');
    if (text === undefined) return undefined;
    const stats = parseDiskStats(this.#files.read('/proc/diskstats') ?? '');
    const mounts = parseMounts(text).map((mount) => ({ mount, device: this.#deviceOf(mount, stats) }));
    const counters = new Map(
      mounts.flatMap(({ device }) => {
        const found = stats.byDevice.get(device);
        return found === undefined ? [] : [[device, found] as const];
      }),
    );
    const rateOf = this.#rates.update(counters, nowMs);
    const figures: DiskFigures[] = [];
    for (const { mount, device } of mounts) {
      const space = await this.#space(mount.mount);
      if (space === undefined) continue;
      const { mount: at, type, source, readOnly } = mount;
      figures.push({ mount: at, type, source, readOnly, ...space, io: ioOf(rateOf(device)) });
    }
    return figures;
  }

  /** By number, or by name where the number is one that the file system has made up. */
  #deviceOf({ device, source }: Mount, { byDevice, deviceOf }: DiskStats): string {
    if (byDevice.has(device) || !source.startsWith('/dev/')) return device;
    const target = this.#files.readLink(source) ?? source;
    return deviceOf.get(target.slice(target.lastIndexOf('/') + 1)) ?? device;
  }

  async #space(mount: string) {
    if (this.#stuck.has(mount)) return undefined;
    this.#stuck.add(mount);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, STATFS_TIMEOUT_MS, undefined).unref();
    });
    // Unmounted in between, or not for us: left out.
    const asked = statfs(this.#files.root + mount)
      .catch(() => undefined)
      .finally(() => this.#stuck.delete(mount));
    const found = await Promise.race([asked, late]);
    clearTimeout(timer);
    return found === undefined || found.blocks === 0 ? undefined : spaceOf(found);
  }
}

interface StatFs {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export function spaceOf({ bsize, blocks, bfree, bavail, files, ffree }: StatFs) {
  const used = blocks - bfree;
  return {
    totalBytes: blocks * bsize,
    usedBytes: used * bsize,
    availableBytes: bavail * bsize,
    percent: used + bavail === 0 ? 0 : (100 * used) / (used + bavail),
    inodesPercent: files === 0 ? undefined : (100 * (files - ffree)) / files,
  };
}

function ioOf(rates: Readonly<Record<DiskCounter, number>> | undefined): DiskIo | undefined {
  if (rates === undefined) return undefined;
  const requests = rates.reads + rates.writes;
  return {
    readBytesPerSecond: rates.readBytes,
    writtenBytesPerSecond: rates.writtenBytes,
    readsPerSecond: rates.reads,
    writesPerSecond: rates.writes,
    awaitMs: requests === 0 ? undefined : (rates.readMs + rates.writeMs) / requests,
    busyPercent: Math.min(100, rates.busyMs / 10),
  };
}
