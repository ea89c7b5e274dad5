/** Texts of real kernels, of machines that this one is not. */

import { expect, test } from 'vitest';
import { countCores, parseCgroup } from './cgroup-limits.ts';
import { containerAt } from './containers.ts';
import { parseStat } from './cpu.ts';
import { parseDiskStats } from './disk-io.ts';
import { spaceOf } from './disks.ts';
import { availableBytes, parseMemoryInfo } from './memory.ts';
import { parseMounts } from './mounts.ts';
import { parseNetDev } from './network.ts';
import { parsePressure } from './pressure.ts';
import { parseProcessStat } from './processes.ts';
import { parseOsRelease } from './system.ts';
import { parseFailedUnits } from './units.ts';

test('/proc/stat: nice is user time, interrupts are system time, guests are not counted twice', () => {
  const text =
    'cpu  100 20 30 4000 50 6 7 80 9 1\ncpu0 50 10 15 2000 25 3 3 40 4 0\ncpu1 50 10 15 2000 25 3 4 40 5 1\nintr 1 2 3\n';
  expect([...parseStat(text)]).toEqual([
    ['cpu', { user: 120, system: 43, idle: 4000, iowait: 50, steal: 80 }],
    ['cpu0', { user: 60, system: 21, idle: 2000, iowait: 25, steal: 40 }],
    ['cpu1', { user: 60, system: 22, idle: 2000, iowait: 25, steal: 40 }],
  ]);
});

test('/proc/stat of an old kernel has fewer columns', () => {
  expect(parseStat('cpu  1 2 3 4\n').get('cpu')).toEqual({ user: 3, system: 3, idle: 4, iowait: 0, steal: 0 });
});

const MEMINFO = `MemTotal:        2013728 kB
MemFree:          119272 kB
MemAvailable:    1237060 kB
Buffers:           98832 kB
Cached:          1080416 kB
SwapTotal:       1048572 kB
SwapFree:        1040372 kB
Shmem:             34036 kB
SReclaimable:     108020 kB
Active(anon):     334036 kB
HugePages_Total:       0
`;

test('/proc/meminfo: available is what the kernel says, or what free used to count', () => {
  const info = parseMemoryInfo(MEMINFO);
  expect(info.get('Active(anon)')).toBe(334_036 * 1024);
  expect(availableBytes(info)).toBe(1_237_060 * 1024);
  const old = parseMemoryInfo(MEMINFO.replace(/MemAvailable.*\n/, ''));
  expect(availableBytes(old)).toBe((119_272 + 98_832 + 1_080_416 + 108_020 - 34_036) * 1024);
  expect(availableBytes(info, 9e12)).toBe(2_013_728 * 1024);
});

test('/proc/pressure: full may be missing', () => {
  const some = 'some avg10=1.21 avg60=4.75 avg300=3.97 total=30903769\n';
  expect(parsePressure(`${some}full avg10=0.50 avg60=0.25 avg300=0.12 total=5\n`)).toEqual({
    some: { avg10: 1.21, avg60: 4.75, avg300: 3.97 },
    full: { avg10: 0.5, avg60: 0.25, avg300: 0.12 },
  });
  expect(parsePressure(some)?.full).toBeUndefined();
  expect(parsePressure('')).toBeUndefined();
});

test('mounts of a VPS: the disks, once each, without tmpfs, snaps, overlays, network and bind mounts', () => {
  const text = `22 28 0:20 / /sys rw,nosuid - sysfs sysfs rw
25 28 0:23 / /run rw,nosuid - tmpfs tmpfs rw,size=201376k
28 1 253:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
40 28 253:15 / /boot/efi ro,relatime shared:30 - vfat /dev/vda15 rw
41 28 7:0 / /snap/core20/1974 ro,nodev - squashfs /dev/loop0 ro
50 28 252:0 / /srv/my\\040data rw,relatime shared:31 - xfs /dev/mapper/vg-data ro
51 28 252:0 /sub /var/lib/docker/volumes rw - xfs /dev/mapper/vg-data rw
60 28 0:45 / /mnt/nas rw - nfs4 nas:/export rw
70 28 0:50 / /var/lib/docker/overlay2/abc/merged rw - overlay overlay rw
80 28 0:60 / /tank rw - zfs tank rw
81 28 0:61 / /tank/home rw - zfs tank/home rw
`;
  expect(parseMounts(text).map(({ mount, device, readOnly }) => [mount, device, readOnly])).toEqual([
    ['/', '253:1', false],
    ['/tank', '0:60', false],
    ['/boot/efi', '253:15', false],
    ['/tank/home', '0:61', false],
    ['/srv/my data', '252:0', true],
  ]);
});

test('mounts in a container: the root and its volumes, not the files that Docker puts in', () => {
  const text = `700 600 0:210 / / rw,relatime - overlay overlay rw,lowerdir=/x
701 700 0:211 / /proc rw - proc proc rw
710 700 8:1 /var/lib/docker/containers/ab/hosts /etc/hosts rw - ext4 /dev/sda1 rw
711 700 8:1 /var/lib/docker/volumes/v/_data /data rw - ext4 /dev/sda1 rw
`;
  expect(parseMounts(text).map(({ mount }) => mount)).toEqual(['/', '/data']);
});

test('subvolumes of btrfs are one disk, and a later mount hides an earlier one', () => {
  const text = `30 1 0:30 /@ / rw - btrfs /dev/sda2 rw,subvol=/@
31 30 0:30 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home
32 30 8:17 / /mnt rw - ext4 /dev/sdb1 rw
33 30 8:33 / /mnt rw - ext4 /dev/sdc1 rw
`;
  expect(parseMounts(text).map(({ mount, source }) => [mount, source])).toEqual([
    ['/', '/dev/sda2'],
    ['/mnt', '/dev/sdc1'],
  ]);
});

test('/proc/diskstats: sectors are 512 bytes, whatever the columns after the time', () => {
  const { byDevice, deviceOf } = parseDiskStats(
    ' 253       1 vda1 45283 9387 2644834 14618 31329 106077 9002304 23297 0 7244 38690 11040 85 481384 656 3603 117\n   8 0 sda 1 0 2 3 4 0 5 6 0 7 8\n',
  );
  expect(byDevice.get('253:1')).toEqual({
    reads: 45_283,
    readBytes: 2_644_834 * 512,
    readMs: 14_618,
    writes: 31_329,
    writtenBytes: 9_002_304 * 512,
    writeMs: 23_297,
    busyMs: 7244,
  });
  expect(deviceOf.get('sda')).toBe('8:0');
});

test('a disk is as full as df says: what is reserved for root is not available', () => {
  const space = spaceOf({ bsize: 4096, blocks: 1000, bfree: 300, bavail: 250, files: 200, ffree: 50 });
  expect(space).toMatchObject({ usedBytes: 700 * 4096, availableBytes: 250 * 4096, inodesPercent: 75 });
  expect(space.percent).toBeCloseTo((100 * 700) / 950);
  expect(spaceOf({ bsize: 4096, blocks: 10, bfree: 10, bavail: 10, files: 0, ffree: 0 }).inodesPercent).toBeUndefined();
});

test('/proc/net/dev: an alias has a colon in its name, and a long counter leaves no blank', () => {
  const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 100538922  103268    0    0    0     0          0         0 100538922  103268    0    0    0     0       0          0
eth0:1:1632005475   37960    1    2    0     0          0         0  2762449   22071    3    4    0     0       0          0
`;
  expect([...parseNetDev(text).keys()]).toEqual(['lo', 'eth0:1']);
  expect(parseNetDev(text).get('eth0:1')).toEqual({
    rxBytes: 1_632_005_475,
    rxPackets: 37_960,
    rxErrors: 1,
    rxDropped: 2,
    txBytes: 2_762_449,
    txPackets: 22_071,
    txErrors: 3,
    txDropped: 4,
  });
});

test.each([
  ['(cat) R', 'cat', 'R'],
  ['(tmux: server) S', 'tmux: server', 'S'],
  ['(a) R (b)) D', 'a) R (b)', 'D'],
])('/proc/PID/stat: %s', (name, comm, state) => {
  const text = `8114 ${name} 8088 8088 5886 0 -1 4194304 100 0 0 0 70 30 0 0 20 0 4 0 79102 3133440 415 18446744073709551615 1 2`;
  expect(parseProcessStat(text)).toEqual({
    name: comm,
    state,
    ticks: 100,
    threads: 4,
    startedAt: 79_102,
    residentPages: 415,
  });
});

test('/proc/PID/stat that is cut or empty is no process', () => {
  expect(parseProcessStat('')).toBeUndefined();
  expect(parseProcessStat('8114 (cat) R 8088')).toBeUndefined();
});

test('failed units are named, with or without the mark that systemctl puts before them', () => {
  const text = `● nginx.service     loaded failed failed A high performance web server
logrotate.service loaded failed failed Rotate log files
  dev-sda\\x2d1.mount not-found failed failed /x
`;
  expect(parseFailedUnits(text)).toEqual({
    failed: 3,
    names: ['nginx.service', 'logrotate.service', 'dev-sda\\x2d1.mount'],
  });
  expect(parseFailedUnits('')).toEqual({ failed: 0, names: [] });
});

const ID = '0123456789abcdef'.repeat(4);

test.each([
  [`/system.slice/docker-${ID}.scope`, '0123456789ab docker'],
  [`/docker/${ID}`, '0123456789ab docker'],
  [`/machine.slice/libpod-${ID}.scope`, '0123456789ab podman'],
  [
    `/kubepods.slice/kubepods-burstable.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`,
    '0123456789ab containerd',
  ],
  [`/kubepods/burstable/pod1/${ID}`, '0123456789ab kubernetes'],
  ['/lxc.payload.web', 'web lxc'],
  ['/lxc/web', 'web lxc'],
  ['/machine.slice/machine-my\\x2dbox.scope', 'my-box nspawn'],
  ['/machine.slice/systemd-nspawn@box.service', 'box nspawn'],
  ['/system.slice/nginx.service', undefined],
  ['/system.slice/docker.service', undefined],
  [`/system.slice/docker-${ID}.scope/init.scope`, undefined],
])('the cgroup %s is the container %s', (path, shown) => {
  const found = containerAt(path);
  expect(found === undefined ? undefined : `${found.id} ${found.runtime}`).toBe(shown);
});

test('/proc/PID/cgroup: every level up to the root, by controller', () => {
  const paths = parseCgroup('12:memory:/docker/ab\n4:cpu,cpuacct:/\n0::/init.scope\n');
  expect(paths.get('memory')).toEqual(['/docker/ab', '/docker', '']);
  expect(paths.get('cpuacct')).toEqual(['']);
  expect(paths.get('')).toEqual(['/init.scope', '']);
  expect(parseCgroup('0::/../..\n').get('')).toEqual(['']);
});

test.each([
  ['0-3', 4],
  ['0', 1],
  ['0-1,8,10-11', 5],
  ['', 0],
])('the list of cores %s has %i', (list, count) => {
  expect(countCores(list)).toBe(count);
});

test.each([
  ['NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', 'Debian GNU/Linux 12 (bookworm)'],
  ["PRETTY_NAME='Alpine Linux v3.22'", 'Alpine Linux v3.22'],
  ['PRETTY_NAME=Void', 'Void'],
  ['PRETTY_NAME="The \\"small\\" one"', 'The "small" one'],
  ['PRETTY_NAME=""', undefined],
  ['', undefined],
])('os-release: %j', (text, name) => {
  expect(parseOsRelease(text)).toBe(name);
});
