/** `/proc/diskstats`: what disks have done since boot. */

export type DiskCounter = 'reads' | 'readBytes' | 'readMs' | 'writes' | 'writtenBytes' | 'writeMs' | 'busyMs';

export type DiskCounters = Readonly<Record<DiskCounter, number>>;

/** The kernel's sectors, whatever those of the disk are. */
const SECTOR_BYTES = 512;

export interface DiskStats {
  readonly byDevice: ReadonlyMap<string, DiskCounters>;
  /** `major:minor` by name, for file systems that only name their device. */
  readonly deviceOf: ReadonlyMap<string, string>;
}

export function parseDiskStats(text: string): DiskStats {
  const byDevice = new Map<string, DiskCounters>();
  const deviceOf = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [major, minor, name, ...fields] = line.trim().split(/ +/);
    if (name === undefined) continue;
    const [reads = 0, , readSectors = 0, readMs = 0, writes = 0, , writtenSectors = 0, writeMs = 0, , busyMs = 0] =
      fields.map(Number);
    const device = `${major}:${minor}`;
    deviceOf.set(name, device);
    byDevice.set(device, {
      reads,
      readBytes: readSectors * SECTOR_BYTES,
      readMs,
      writes,
      writtenBytes: writtenSectors * SECTOR_BYTES,
      writeMs,
      busyMs,
    });
  }
  return { byDevice, deviceOf };
}
