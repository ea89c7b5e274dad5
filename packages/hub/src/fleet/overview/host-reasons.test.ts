import { describe, expect, test } from 'vitest';
import { checkRow, disk, hostFacts, MINUTE_MS, NOW_MS, reportRow } from './host-facts.fixture.ts';
import type { HostFacts } from './host-facts.ts';
import { findHostReasons } from './host-reasons.ts';
import { hostUnit } from './host-unit.ts';

const reasonsOf = (facts: HostFacts) => findHostReasons(facts).map(({ severity, text }) => [severity, text]);

const unitOf = (facts: HostFacts) =>
  hostUnit(facts, { errors: { count: 0, buckets: [] }, spark: null, checks: null, isThisHub: false });

const disks = (...of: readonly object[]) => ({ figures: { disks: of } });

test('a host that is fine has no reasons', () => {
  expect(
    reasonsOf(hostFacts({ now: disks(disk(40)), earlier: [disks(disk(39)), disks(disk(38)), disks(disk(38))] })),
  ).toEqual([]);
});

describe('reports that do not come', () => {
  const quick = { figures: {}, about: { interval_seconds: 10 } };
  test.each([
    ['fine', 20_000, quick],
    ['late', 26_000, quick],
    ['down', 56_000, quick],
    ['fine', 149_000, undefined],
    ['late', 151_000, undefined],
    ['late', 329_000, undefined],
    ['down', 331_000, undefined],
  ] as const)('%s after %i ms', (state, agoMs, now) => {
    expect(unitOf(hostFacts({ agoMs, ...(now === undefined ? undefined : { now }) })).state).toBe(state);
  });

  test('are said with what was expected', () => {
    expect(reasonsOf(hostFacts({ agoMs: 190_000 }))).toEqual([
      ['warn', 'Last report 3 min 10 s ago, expected every 1 min'],
    ]);
  });

  test('silence says all there is to say of a host that is down', () => {
    const facts = hostFacts({ agoMs: 4.55 * 60 * MINUTE_MS, now: disks(disk(80)) });
    expect(reasonsOf(facts)).toEqual([['error', 'No report for 4 h 33 min']]);
    expect(unitOf(facts)).toMatchObject({ state: 'down', severity: 'error', interval_seconds: 60 });
  });

  test('a host that is late and has a full disk needs attention, the disk first', () => {
    const unit = unitOf(hostFacts({ agoMs: 200_000, now: disks(disk(79.5)) }));
    expect([unit.state, unit.reasons.map(({ code }) => code)]).toEqual(['attention', ['disk', 'late']]);
  });

  test('the usual distance of reports is the expected one where the agent says none, a long pause notwithstanding', () => {
    const recent = [0, 30, 60, 90, 3000].map((seconds) => reportRow(seconds * 1000));
    expect(hostFacts({ recent }).intervalMs).toBe(30_000);
  });
});

describe('disks', () => {
  const rising = (now: number, ...before: readonly number[]) =>
    reasonsOf(hostFacts({ now: disks(disk(now)), earlier: before.map((gb) => disks(disk(gb))) }));

  test.each([
    [
      'nearly full and rising',
      [76.8, 76.62, 76.25, 75.7],
      'error',
      'Disk / 96% and rising 1.1 GB/h: full in 2 h 53 min',
    ],
    ['nearly full and standing still', [76.8, 76.8, 76.8, 76.8], 'warn', 'Disk / 96%, 3.2 GB free'],
    ['nearly full, and emptied since', [76.8, 79, 70, 60], 'warn', 'Disk / 96%, 3.2 GB free'],
    ['full', [79.5], 'error', 'Disk / 99%, 500 MB free'],
    ['half full and soon full', [40, 38, 33, 26], 'warn', 'Disk / 50% and rising 14.1 GB/h: full in 2 h 50 min'],
    [
      'half full and full within two hours',
      [40, 36, 26, 10],
      'error',
      'Disk / 50% and rising 30.2 GB/h: full in 1 h 19 min',
    ],
  ] as const)('%s', (_, [now, ...before], severity, text) => {
    expect(rising(now, ...before)).toEqual([[severity, text]]);
  });

  test.each([
    ['rising slowly', [60, 59.9, 59.7, 59.4]],
    ['filled an hour ago', [60, 60, 60, 20]],
    ['rising for ten minutes alone', [60, 30]],
  ] as const)('no trouble: %s', (_, [now, ...before]) => {
    expect(rising(now, ...before)).toEqual([]);
  });

  test('a large one has room when it is nearly full, one that cannot be written is full by nature', () => {
    const now = disks(disk(19_700, 20_000, '/data'), disk(1, 1, '/snap', { read_only: true }));
    expect(reasonsOf(hostFacts({ now }))).toEqual([['warn', 'Disk /data 99%, 300 GB free']]);
  });

  test('a volume that was extended has no slope', () => {
    const facts = hostFacts({
      now: disks(disk(75, 80)),
      earlier: [disks(disk(19, 20)), disks(disk(18, 20)), disks(disk(17, 20))],
    });
    expect(reasonsOf(facts)).toEqual([['warn', 'Disk / 94%, 5.0 GB free']]);
  });

  test('of hosts with seed 003’s columns alone the root is known, its slope too', () => {
    const at = (gb: number) => ({ columns: { disk_percent: gb, disk_gb: gb } });
    const facts = hostFacts({ now: at(92), earlier: [at(91.8), at(91.5), at(91)] });
    expect(reasonsOf(facts)).toEqual([['error', 'Disk / 92% and rising 1.1 GB/h: full in 7 h 57 min']]);
  });

  test('files may run out before bytes do', () => {
    const facts = hostFacts({ now: disks(disk(10, 80, '/', { inodes_percent: 99 })) });
    expect(reasonsOf(facts)).toEqual([['error', 'Disk / has used 99% of its inodes, which limit the number of files']]);
  });
});

describe('memory and CPU', () => {
  const memory = (percent: number, oom_kills = 0) => ({
    columns: { memory_percent: percent },
    figures: { memory: { used_bytes: percent * 160e6, total_bytes: 16e9, oom_kills } },
  });

  test.each([
    [94, [['warn', 'Memory 94%: 15.0 GB of 16.0 GB']]],
    [98, [['error', 'Memory 98%: 15.7 GB of 16.0 GB']]],
    [89, []],
  ])('memory at %i%%', (percent, expected) => {
    expect(reasonsOf(hostFacts({ now: memory(percent) }))).toEqual(expected);
  });

  test('processes that the kernel has killed in the last half hour are told, those before are not', () => {
    const told = (now: number, then: number) =>
      reasonsOf(hostFacts({ now: memory(50, now), earlier: [undefined, memory(50, then)] }));
    expect(told(5, 3)).toEqual([['warn', '2 processes killed for want of memory in 30 min']]);
    expect([told(5, 5), reasonsOf(hostFacts({ now: memory(50, 5) }))]).toEqual([[], []]);
    // The machine was started in between.
    expect(told(1, 7)).toEqual([['warn', '1 process killed for want of memory in 30 min']]);
  });

  test('a busy CPU is one that stays busy', () => {
    const reports = (...percents: readonly number[]) =>
      percents.map((cpu_percent, i) => reportRow(20_000 + i * MINUTE_MS, { columns: { cpu_percent } }));
    expect(reasonsOf(hostFacts({ recent: reports(99, 96, 97, 98) }))).toEqual([['error', 'CPU 98% over 3 min']]);
    expect(reasonsOf(hostFacts({ recent: reports(99, 5, 4, 7) }))).toEqual([]);
  });

  test('the first report of a busy CPU says nothing where more of them follow soon', () => {
    const recent = [reportRow(20_000, { columns: { cpu_percent: 100 } })];
    const every = (interval_seconds: number) => ({ figures: {}, about: { interval_seconds } });
    expect(reasonsOf(hostFacts({ recent }))).toEqual([]);
    expect(reasonsOf(hostFacts({ recent, now: every(60) }))).toEqual([]);
    expect(reasonsOf(hostFacts({ recent, now: every(600) }))).toEqual([['error', 'CPU 100%']]);
  });

  test('a host that sends no figure of its CPU has none to be busy with', () => {
    expect(reasonsOf(hostFacts({ recent: [reportRow(20_000, { columns: { cpu_percent: null } })] }))).toEqual([]);
  });

  test('load is held against the cores', () => {
    const load = (avg: number, cores: number) => ({ columns: { load_avg_15m: avg }, figures: { cpu: { cores } } });
    expect(reasonsOf(hostFacts({ now: load(8.2, 4) }))).toEqual([['warn', 'Load 8.20 over 15 min on 4 cores']]);
    expect(reasonsOf(hostFacts({ now: load(8.2, 8) }))).toEqual([]);
  });

  test('waiting and stolen time count where they last', () => {
    const cpu = (iowait_percent: number, steal_percent: number) => ({
      figures: { cpu: { iowait_percent, steal_percent } },
    });
    expect(reasonsOf(hostFacts({ now: cpu(45, 12), earlier: [cpu(41, 11)] }))).toEqual([
      ['warn', 'CPU waits 45% of the time for disks'],
      ['warn', '12% of the CPU is taken by other machines on the same hardware'],
    ]);
    expect(reasonsOf(hostFacts({ now: cpu(45, 12), earlier: [cpu(3, 0)] }))).toEqual([]);
  });
});

test('failed units are named, and the hottest sensor', () => {
  const figures = {
    units: { failed: 5, names: ['a.service', 'b.service', 'c.timer', 'd.service', 'e.mount'] },
    temperatures: [
      { name: 'coretemp Package', celsius: 96 },
      { name: 'nvme', celsius: 90 },
    ],
  };
  expect(reasonsOf(hostFacts({ now: { figures } }))).toEqual([
    ['error', 'coretemp Package is at 96 °C'],
    ['warn', '5 units failed: a.service, b.service, c.timer and 2 more'],
  ]);
});

describe('checks', () => {
  const refused = 'connection refused';
  const failing = (count: number, state: string | undefined) =>
    Array.from({ length: count }, (_, i) =>
      checkRow(10_000 + i * MINUTE_MS, false, refused, state === undefined ? {} : { state }),
    );

  test.each([
    ['down by its agent', failing(4, 'down'), 'error', 'failed 4 times in a row, for 3 min 10 s: connection refused'],
    ['failed once', failing(1, 'degraded'), 'warn', 'failed: connection refused'],
    ['failed twice', failing(2, 'degraded'), 'warn', 'failed twice in a row, for 1 min 10 s: connection refused'],
    [
      'failing without a state',
      failing(3, undefined),
      'error',
      'failed 3 times in a row, for 2 min 10 s: connection refused',
    ],
    [
      'slow',
      [checkRow(9000, true, '[RESPONSE_TIME] (812) < 500', { state: 'degraded' })],
      'warn',
      'is degraded: [RESPONSE_TIME] (812) < 500',
    ],
    [
      'back once',
      [checkRow(9000, true, null, { state: 'down' }), ...failing(3, 'down')],
      'warn',
      'was down and has passed once since',
    ],
  ] as const)('%s', (_, checks, severity, text) => {
    expect(reasonsOf(hostFacts({ checks }))).toEqual([[severity, `https://shop.example/health ${text}`]]);
  });

  test('one that is up is fine, and has its name where it has one', () => {
    expect(reasonsOf(hostFacts({ checks: [checkRow(9000, true, null, { state: 'up' })] }))).toEqual([]);
    const named = checkRow(9000, false, null, { state: 'down', name: 'shop' });
    expect(reasonsOf(hostFacts({ checks: [named] }))).toEqual([['error', 'shop failed']]);
  });

  test.each([
    [14, undefined],
    [13, ['warn', 'ends in 13 days']],
    [2, ['error', 'ends in 2 days']],
    [0, ['error', 'ends within a day']],
    [-1, ['error', 'has expired']],
  ] as const)('a certificate of %i days', (certificate_days, expected) => {
    const checks = [checkRow(9000, true, null, { state: 'up', certificate_days })];
    const [severity, text] = expected ?? [];
    expect(reasonsOf(hostFacts({ checks }))).toEqual(
      expected === undefined ? [] : [[severity, `Certificate of https://shop.example/health ${text}`]],
    );
  });

  test('they say nothing of when reports are expected', () => {
    const facts = { ...hostFacts(), intervalMs: null, lastSeenMs: NOW_MS - 3_600_000, figures: undefined };
    expect(reasonsOf(facts)).toEqual([]);
  });
});

test('what a host makes up is taken for what it is: text, cut where it is long, and figures where they are numbers', () => {
  const figures = {
    disks: [{ mount: 'x'.repeat(5000), percent: 99, available_bytes: 'much' }, null, 7, { percent: 'full' }],
    units: { failed: 1, names: [{}, 'a\u202eb.service'] },
    temperatures: 'hot',
    system: { os: 7 },
    cpu: [],
  };
  const unit = unitOf(hostFacts({ now: { figures, about: { interval_seconds: -4 } } }));
  expect(unit.reasons.map(({ text }) => text)).toEqual([
    `Disk ${'x'.repeat(100)} 99%`,
    '1 unit failed: a\u202eb.service',
  ]);
  expect(unit).toMatchObject({ interval_seconds: 60, system: { os: null, cores: null } });
});
