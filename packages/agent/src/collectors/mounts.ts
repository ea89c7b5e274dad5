/** File systems worth watching, out of the many that are mounted. */

/** More are the work of a program and not of a person. */
const MAX_MOUNTS = 64;

export interface Mount {
  readonly mount: string;
  readonly type: string;
  readonly source: string;
  /** `major:minor`, as in `/proc/diskstats`. */
  readonly device: string;
  /** The file system itself is: of the mount it says little, as our own unit sees all of them read-only. */
  readonly readOnly: boolean;
}

interface Entry extends Mount {
  /** The part of the file system that is mounted; other than `/` for a bind mount. */
  readonly part: string;
}

/** Types without a block device of their own that are disks all the same. */
const ON_DISKS: ReadonlySet<string> = new Set(['btrfs', 'zfs', 'bcachefs']);

/** Images that are full by nature. */
const IMAGES: ReadonlySet<string> = new Set(['squashfs', 'iso9660', 'udf', 'erofs']);

/** A container's `/etc/hosts` and the like are files of the host's disk. */
const NOT_FOR_DATA = /^\/(?:etc|proc|sys|dev|run)(?:\/|$)/;

/** `/proc/self/mountinfo` (proc(5)), later mounts over earlier ones. */
export function parseMounts(text: string): readonly Mount[] {
  const byMount = new Map<string, Entry>();
  for (const line of text.split('\n')) {
    const [before, after] = line.split(' - ');
    const [, , device, part, mount] = before?.split(' ') ?? [];
    const [type, source, options] = after?.split(' ') ?? [];
    if (device === undefined || part === undefined || mount === undefined || type === undefined) continue;
    byMount.set(unescapeOctal(mount), {
      mount: unescapeOctal(mount),
      part: unescapeOctal(part),
      type,
      source: unescapeOctal(source ?? ''),
      device,
      readOnly: options?.split(',').includes('ro') === true,
    });
  }
  return chosen([...byMount.values()]);
}

/**
 * What has a block device, and the root whatever it is on. So tmpfs and the like are left out, and the network's file systems too: one
 * that hangs takes a thread of the pool with it. Of several mounts of one device the one that shows all of it counts, then the shortest.
 */
function chosen(entries: readonly Entry[]): readonly Mount[] {
  const seen = new Set<string>();
  const rank = ({ mount, part }: Entry) => (mount === '/' ? 0 : part === '/' ? 1 : 2);
  return entries
    .filter(
      ({ mount, type, device }) =>
        mount === '/' || ON_DISKS.has(type) || !(device.startsWith('0:') || IMAGES.has(type)),
    )
    .filter((entry) => entry.mount === '/' || entry.part === '/' || !NOT_FOR_DATA.test(entry.mount))
    .sort((a, b) => rank(a) - rank(b) || a.mount.length - b.mount.length)
    .filter((entry) => {
      const key = ON_DISKS.has(entry.type) ? entry.source : entry.device;
      return !seen.has(key) && seen.add(key);
    })
    .slice(0, MAX_MOUNTS)
    .map(({ part: _, ...mount }) => mount);
}

/** Blanks and backslashes are written as octal numbers. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
