/**
 * Figures against what other programs say of this very machine, and under a load that is known; limits of containers against trees
 * of files, since they need a kernel that is set up for them.
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostCollector, type HostFigures, metricsRow } from '@flywatch/agent';
import { expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';
import { makeHostTree } from './host-tree.fixture.ts';

const MIB = 1024 ** 2;

function run(name: string, debianPackage: string, args: readonly string[]): string {
  return execFileSync(requireProgram(name, { debianPackage }), args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
}

/** Figures over an interval of this host. */
async function over(ms: number, during: () => void | Promise<void> = () => {}): Promise<HostFigures> {
  const problems: unknown[] = [];
  const collector = new HostCollector({ onProblem: (name, error) => problems.push([name, error]) });
  await collector.collect();
  await Promise.all([sleep(ms), during()]);
  const figures = await collector.collect();
  expect(problems).toEqual([]);
  return figures;
}

/** A reading, and when it was made: on a busy machine it may take a while. */
async function reading(collector: HostCollector) {
  const fromMs = performance.now();
  const figures = await collector.collect();
  return { figures, fromMs, toMs: performance.now() };
}

type TimedReading = Awaited<ReturnType<typeof reading>>;

/** What so much CPU time between two readings is in percent of a core: at least, and at most. */
function percentBetween(usedMs: number, first: TimedReading, last: TimedReading): readonly [number, number] {
  return [(100 * usedMs) / (last.toMs - first.fromMs), (100 * usedMs) / (last.fromMs - first.toMs)];
}

test('memory agrees with free', async () => {
  const { memory } = await over(0);
  const [, total, used] = /^Mem: +(\d+) +(\d+)/m.exec(run('free', 'procps', ['-b']))!.map(Number);
  const [, swapTotal, swapUsed] = /^Swap: +(\d+) +(\d+)/m.exec(run('free', 'procps', ['-b']))!.map(Number);
  expect(memory!.totalBytes).toBe(total);
  // Others come and go between the two readings.
  expect(Math.abs(memory!.usedBytes - used!)).toBeLessThan(Math.max(128 * MIB, 0.02 * total!));
  expect([memory!.swapTotalBytes, memory!.swapUsedBytes]).toEqual([swapTotal, swapUsed]);
});

test('disks agree with df, in bytes and in inodes', async () => {
  const { disks } = await over(0);
  const root = disks!.find(({ mount }) => mount === '/')!;
  const fields = (args: string[]) => run('df', 'coreutils', args).trim().split('\n').at(-1)!.split(/ +/);
  const [, total, used, available, percent] = fields(['-B1', '--output=source,size,used,avail,pcent', '/']);
  expect(root.totalBytes).toBe(Number(total));
  expect(Math.abs(root.usedBytes - Number(used))).toBeLessThan(256 * MIB);
  expect(Math.abs(root.availableBytes - Number(available))).toBeLessThan(256 * MIB);
  // df rounds up.
  expect(Math.abs(Math.ceil(root.percent) - Number.parseInt(percent!, 10))).toBeLessThanOrEqual(1);
  const [inodes = ''] = fields(['--output=ipcent', '/']).filter((field) => field.endsWith('%'));
  if (root.inodesPercent !== undefined)
    expect(Math.abs(Math.ceil(root.inodesPercent) - Number.parseInt(inodes, 10))).toBeLessThanOrEqual(1);
});

test('load and uptime are those of /proc', async () => {
  const { load, uptime } = await over(0);
  const [avg1m = 0, avg5m = 0, avg15m = 0] = readFileSync('/proc/loadavg', 'utf8').split(' ').map(Number);
  expect(Math.abs(load!.avg1m - avg1m)).toBeLessThan(0.5);
  expect(Math.abs(load!.avg5m - avg5m)).toBeLessThan(0.3);
  expect(Math.abs(load!.avg15m - avg15m)).toBeLessThan(0.3);
  expect(Math.abs(uptime!.seconds - Number.parseFloat(readFileSync('/proc/uptime', 'utf8')))).toBeLessThan(5);
});

test('the system is that of uname', async () => {
  const { system } = await over(0);
  expect(system?.kernel).toBe(run('uname', 'coreutils', ['-r']).trim());
});

test('processes agree with ps, and this one is as large as it is', async () => {
  const ballast = Buffer.alloc(700 * MIB, 1);
  const { processes } = await over(0);
  const listed = run('ps', 'procps', ['-e', '-o', 'pid=']).trim().split('\n').length;
  expect(Math.abs(processes!.count - listed)).toBeLessThanOrEqual(15);
  const own = processes!.topMemory.find(({ pid }) => pid === process.pid);
  const resident = process.memoryUsage.rss();
  expect(ballast.length).toBeLessThan(resident);
  expect(Math.abs(own!.memoryBytes - resident) / resident).toBeLessThan(0.1);
});

/** What a process has used of CPU so far, and when that was. */
interface Reading {
  readonly ticks: number;
  readonly atMs: number;
}

function cpuOf(pid: number): Reading {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return { ticks: Number(fields[11]) + Number(fields[12]), atMs: performance.now() };
}

function childNamed(parent: number, name: string): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ').map(Number);
  return children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name)!;
}

test('a known load shows: CPU, the process that makes it, and the memory that it takes', async () => {
  const stress = requireProgram('stress-ng', { debianPackage: 'stress-ng' });
  const ticksPerSecond = Number(run('getconf', 'libc-bin', ['CLK_TCK']));
  const before = await over(0);
  // With priority where that is allowed: on a machine that is busy otherwise it would not get what it asks for.
  const options = '--quiet --cpu 1 --cpu-method int64 --vm 1 --vm-bytes 768M --vm-keep --vm-hang 0 --timeout 30';
  const load = spawn('nice', ['-n', '-10', stress, ...options.split(' ')], { stdio: 'ignore' });
  try {
    let filled: HostFigures;
    do filled = await over(100);
    while (
      !filled.processes!.topMemory.some(
        ({ name, memoryBytes }) => name.startsWith('stress-ng') && memoryBytes > 760 * MIB,
      )
    );
    // Half of it: others may have given memory back meanwhile.
    expect(filled.memory!.usedBytes - before.memory!.usedBytes).toBeGreaterThan(384 * MIB);
    const pid = childNamed(load.pid!, 'stress-ng-cpu');
    // Read before and after each of the two readings: what lies between these is the least that it can have used, and what lies
    // around them the most, however long a reading has to wait for its turn.
    const collector = new HostCollector();
    const first = cpuOf(pid);
    await collector.collect();
    const second = cpuOf(pid);
    await sleep(2000);
    const third = cpuOf(pid);
    const { cpu, processes } = await collector.collect();
    const last = cpuOf(pid);
    const percentOf = (ticks: number, ms: number) => (100_000 * ticks) / ticksPerSecond / ms;
    const least = percentOf(third.ticks - second.ticks, last.atMs - first.atMs);
    const most = percentOf(last.ticks - first.ticks, third.atMs - second.atMs);
    // What a process uses is counted in ticks, each of which may fall to one side or the other.
    const tick = percentOf(1, third.atMs - second.atMs);
    expect(least).toBeGreaterThan(2 * tick);
    // Where others use more, it is not among those that are listed.
    const { topCpu = [] } = processes!;
    const shown = topCpu.find((process) => process.pid === pid)?.cpuPercent ?? topCpu.at(-1)!.cpuPercent;
    expect(shown).toBeGreaterThan(least - 2 * tick);
    if (topCpu.some((process) => process.pid === pid)) expect(shown).toBeLessThan(most + 2 * tick);
    expect(cpu!.percent).toBeGreaterThan((0.9 * least) / cpu!.cores);
    expect(cpu!.percent).toBeLessThanOrEqual(100);
    expect(cpu!.userPercent + cpu!.systemPercent + cpu!.stealPercent).toBeCloseTo(cpu!.percent, 1);
    expect(cpu!.perCore).toHaveLength(cpu!.cores);
    expect(cpu!.perCore.reduce((sum, core) => sum + core, 0) / cpu!.cores).toBeCloseTo(cpu!.percent, -1);
  } finally {
    load.kill('SIGTERM');
    await once(load, 'exit');
  }
});

test('what is written to a disk is counted there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-io-'));
  const startedAt = performance.now();
  let seconds = 0;
  const figures = await over(1000, () => {
    const file = openSync(join(folder, 'written'), 'w');
    const piece = Buffer.alloc(8 * MIB, 7);
    for (let i = 0; i < 8; i++) writeSync(file, piece);
    fsyncSync(file);
    closeSync(file);
  });
  seconds = (performance.now() - startedAt) / 1000;
  rmSync(folder, { recursive: true });
  const written = figures.disks!.reduce((sum, { io }) => sum + (io?.writtenBytesPerSecond ?? 0), 0) * seconds;
  expect(written).toBeGreaterThan(60 * MIB);
  expect(written).toBeLessThan(1024 * MIB);
});

test('the first reading has no rates, and none are made up', async () => {
  const { cpu, network, disks, processes } = await new HostCollector().collect();
  expect([cpu, network, disks![0]!.io, processes!.topCpu]).toEqual([undefined, undefined, undefined, undefined]);
});

test('a row has the columns of the original, and the rest beside them in snake case', async () => {
  const row = metricsRow(await over(300), { atMs: 0, vpsName: 'vps-1', appName: 'shop' });
  const { figures, ...columns } = row;
  expect(columns).toEqual({
    timestamp: '1970-01-01T00:00:00.000Z',
    vps_name: 'vps-1',
    app_name: 'shop',
    cpu_percent: expect.any(Number),
    memory_percent: expect.any(Number),
    memory_mb: expect.any(Number),
    disk_percent: expect.any(Number),
    disk_gb: expect.any(Number),
    load_avg_1m: expect.any(Number),
    load_avg_5m: expect.any(Number),
    load_avg_15m: expect.any(Number),
  });
  expect(figures).toMatchObject({
    cpu: { iowait_percent: expect.any(Number) },
    memory: { total_bytes: expect.any(Number) },
  });
  expect(JSON.stringify(row)).not.toMatch(/"[a-z]+[A-Z]\w*":/);
});

/** Two cores and 8 GB, as `/proc` shows them in a container of Docker. */
const HOST = {
  '/proc/stat': 'cpu  100 0 100 10000 0 0 0 0 0 0\ncpu0 50 0 50 5000 0 0 0 0 0 0\ncpu1 50 0 50 5000 0 0 0 0 0 0',
  '/proc/meminfo':
    'MemTotal:        8000000 kB\nMemFree:          100000 kB\nMemAvailable:    6000000 kB\nSwapTotal:       1000000 kB\nSwapFree:         900000 kB',
};

test('in a container of version 2 its limits are what there is', async () => {
  using host = makeHostTree({
    ...HOST,
    '/proc/1/cgroup': '0::/',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory',
    '/sys/fs/cgroup/memory.max': 512 * MIB,
    '/sys/fs/cgroup/memory.current': 300 * MIB,
    '/sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${100 * MIB}`,
    '/sys/fs/cgroup/memory.swap.max': 0,
    '/sys/fs/cgroup/memory.swap.current': 0,
    '/sys/fs/cgroup/memory.events': 'oom 3\noom_kill 2',
    '/sys/fs/cgroup/cpu.max': '50000 100000',
    '/sys/fs/cgroup/cpu.stat': 'usage_usec 1000000',
  });
  const collector = new HostCollector({ root: host.root });
  const first = await reading(collector);
  expect(first.figures.memory).toMatchObject({
    totalBytes: 512 * MIB,
    usedBytes: 200 * MIB,
    swapTotalBytes: 0,
    swapUsedBytes: 0,
    oomKills: 2,
  });
  await sleep(500);
  host.write({
    '/sys/fs/cgroup/cpu.stat': 'usage_usec 1125000',
    '/proc/stat': HOST['/proc/stat'].replaceAll('5000', '5100').replace('10000', '10200'),
  });
  const last = await reading(collector);
  const { cpu } = last.figures;
  expect(cpu!.cores).toBe(0.5);
  // Of the half that is allowed.
  const [least, most] = percentBetween(2 * 125, first, last);
  expect(cpu!.percent).toBeGreaterThan(0.98 * least);
  expect(cpu!.percent).toBeLessThan(1.02 * most);
});

test('in a container of version 1 they are too, wherever the host has it', async () => {
  using host = makeHostTree({
    ...HOST,
    '/proc/1/cgroup': '5:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc',
    '/sys/fs/cgroup/memory/memory.limit_in_bytes': 256 * MIB,
    '/sys/fs/cgroup/memory/memory.usage_in_bytes': 128 * MIB,
    '/sys/fs/cgroup/memory/memory.stat': `cache 5\ntotal_inactive_file ${28 * MIB}\ntotal_swap 0`,
    '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': -1,
    '/sys/fs/cgroup/cpu/cpu.cfs_period_us': 100_000,
  });
  const { memory } = await new HostCollector({ root: host.root }).collect();
  expect(memory).toMatchObject({ totalBytes: 256 * MIB, usedBytes: 100 * MIB });
});

test('on a whole host the limits of our own unit are not those of the machine', async () => {
  using host = makeHostTree({
    ...HOST,
    '/proc/1/cgroup': '0::/init.scope',
    '/proc/self/cgroup': '0::/system.slice/obs-agent.service',
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory',
    '/sys/fs/cgroup/init.scope/memory.max': 'max',
    '/sys/fs/cgroup/system.slice/obs-agent.service/memory.max': 128 * MIB,
    '/sys/fs/cgroup/system.slice/obs-agent.service/memory.current': 40 * MIB,
  });
  const { memory } = await new HostCollector({ root: host.root }).collect();
  expect(memory).toMatchObject({
    totalBytes: 8_000_000 * 1024,
    usedBytes: 2_000_000 * 1024,
    swapUsedBytes: 100_000 * 1024,
  });
});

const ID = 'abcdef012345'.padEnd(64, '0');

test('containers are found by their cgroups, with what they use and what runs in them', async () => {
  const folder = `/sys/fs/cgroup/system.slice/docker-${ID}.scope`;
  using host = makeHostTree({
    '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids',
    '/sys/fs/cgroup/system.slice/nginx.service/memory.current': 5,
    [`${folder}/memory.current`]: 90 * MIB,
    [`${folder}/memory.stat`]: `inactive_file ${20 * MIB}`,
    [`${folder}/memory.max`]: 'max',
    [`${folder}/pids.current`]: 7,
    [`${folder}/cpu.stat`]: 'usage_usec 1000000',
    [`${folder}/cgroup.procs`]: '4242\n4243',
    '/proc/4242/comm': 'postgres',
  });
  const collector = new HostCollector({ root: host.root });
  const expected = {
    id: 'abcdef012345',
    runtime: 'docker',
    command: 'postgres',
    memoryBytes: 70 * MIB,
    memoryLimitBytes: undefined,
    processes: 7,
  };
  const first = await reading(collector);
  expect(first.figures.containers).toEqual([{ ...expected, cpuPercent: undefined }]);
  await sleep(400);
  host.write({ [`${folder}/cpu.stat`]: 'usage_usec 1200000' });
  const last = await reading(collector);
  const [least, most] = percentBetween(200, first, last);
  const [container] = last.figures.containers!;
  expect(container!.cpuPercent).toBeGreaterThan(0.98 * least);
  expect(container!.cpuPercent).toBeLessThan(1.02 * most);
  rmSync(host.root + folder, { recursive: true });
  expect((await collector.collect()).containers).toEqual([]);
});

test('temperatures come from hwmon with their labels, from thermal zones where it has none', async () => {
  using board = makeHostTree({
    '/sys/class/thermal/thermal_zone0/type': 'cpu-thermal',
    '/sys/class/thermal/thermal_zone0/temp': 48_312,
    '/sys/class/thermal/cooling_device0/type': 'fan',
  });
  expect((await new HostCollector({ root: board.root }).collect()).temperatures).toEqual([
    { name: 'cpu-thermal', celsius: 48.312 },
  ]);
  board.write({
    '/sys/class/hwmon/hwmon0/name': 'coretemp',
    '/sys/class/hwmon/hwmon0/temp1_input': 52_000,
    '/sys/class/hwmon/hwmon0/temp1_label': 'Package id 0',
    '/sys/class/hwmon/hwmon1/name': 'nvme',
    '/sys/class/hwmon/hwmon1/temp1_input': -273_150,
  });
  expect((await new HostCollector({ root: board.root }).collect()).temperatures).toEqual([
    { name: 'coretemp Package id 0', celsius: 52 },
  ]);
});

test('failed units are asked of systemctl where systemd runs, and at most once a minute', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-units-'));
  const calls = join(folder, 'calls');
  writeFileSync(
    join(folder, 'systemctl'),
    `#!/bin/sh\necho "$@" >> ${calls}\necho 'nginx.service loaded failed failed A web server'\n`,
  );
  chmodSync(join(folder, 'systemctl'), 0o755);
  using host = makeHostTree({ '/proc/uptime': '1.0 1.0' });
  const { PATH = '' } = process.env;
  process.env.PATH = `${folder}${delimiter}${PATH}`;
  try {
    const without = new HostCollector({ root: host.root });
    expect((await without.collect()).units).toBeUndefined();
    mkdirSync(`${host.root}/run/systemd/system`, { recursive: true });
    const collector = new HostCollector({ root: host.root });
    expect((await collector.collect()).units).toEqual({ failed: 1, names: ['nginx.service'] });
    expect((await collector.collect()).units).toEqual({ failed: 1, names: ['nginx.service'] });
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual([
      'list-units --state=failed --plain --no-legend --no-pager --full',
    ]);
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  }
});

test('a machine that has nothing of all this gives nothing, and no error', async () => {
  using host = makeHostTree({ '/empty': '' });
  const problems: unknown[] = [];
  const collector = new HostCollector({ root: host.root, onProblem: (name) => problems.push(name) });
  expect(await collector.collect()).toEqual({});
  expect(problems).toEqual([]);
});
