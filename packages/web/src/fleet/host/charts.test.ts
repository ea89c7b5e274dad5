import type { FleetUnit } from '@flywatch/core';
import { describe, expect, it } from 'vitest';
import { chartsOf } from './charts.ts';
import type { VpsSeries } from './vps-series.ts';

const MINUTE = 60_000;
const flat = (...values: (number | null)[]) => ({ min: values, max: values, mean: values });

const ANSWER: VpsSeries = {
  vps_name: 'db-01',
  from: '1970-01-01T00:00:00Z',
  to: '1970-01-01T01:00:00Z',
  step_ms: 10_000,
  times: [0, MINUTE, 2 * MINUTE],
  count: [1, 1, 1],
  series: {
    cpu_percent: flat(40, 41, null),
    cpu_iowait_percent: flat(30, 31, 32),
    memory_percent: flat(71, 71, 71),
    memory_mb: flat(10_872, 10_872, 10_872),
    disk_percent: flat(95, 96, 100),
    disk_gb: flat(70.8, 71.5, 74.5),
    load_avg_1m: flat(3, 6.5, 3.82),
    network_in_bytes_per_second: flat(1e6, 2e6, 3e6),
    network_out_bytes_per_second: flat(1e6, 1e6, 1.25e6),
  },
  checks: [
    {
      url: 'http://db-01:5432/',
      name: null,
      app_name: 'postgres',
      times: [0, MINUTE],
      mean_ms: [12, null],
      max_ms: [14, null],
      up: [1, 0],
      degraded: [0, 0],
      down: [0, 1],
    },
  ],
  outages: [],
};

const UNIT = {
  system: { cores: 4, memory_bytes: 16e9 },
  figures: { disk_mount: '/' },
} as FleetUnit;

const THRESHOLDS = { cpu_percent: 85, memory_percent: 90, disk_percent: 90 };

const charts = chartsOf(ANSWER, UNIT, THRESHOLDS);
const chart = (id: string) => charts.find((one) => one.id === id)!;

describe('a host whose disk fills', () => {
  it('has a chart for each series that it sent, and one for each check', () => {
    expect(charts.map(({ id }) => id)).toEqual(['cpu', 'memory', 'disk', 'load', 'network', 'check-0']);
  });

  it.each([
    ['cpu', '41%', ''],
    ['memory', '71%', '11.4 of 16 GB'],
    ['disk', '100.0%', '/, 80 of 80 GB'],
    ['load', '3.82', '4 cores'],
    ['network', '34 Mb/s', ''],
    ['check-0', '12 ms', 'http://db-01:5432/'],
  ])('%s: %s %s', (id, figure, note) => expect([chart(id).figure, chart(id).note]).toEqual([figure, note]));

  it.each([
    ['cpu', '41% · wait 31%'],
    ['memory', '71%'],
    ['disk', '96.0%, 3.2 GB free'],
    ['load', '6.50'],
    ['network', '16 Mb/s in · 8 Mb/s out'],
    ['check-0', 'failed'],
  ])('%s reads %j at the crosshair', (id, text) => expect(chart(id).readOut(MINUTE)).toBe(text));

  it('reads nothing where nothing was reported', () => {
    expect(charts.map(({ readOut }) => readOut(60 * MINUTE))).toEqual(charts.map(() => undefined));
  });

  it('says where its scale begins, if not at 0', () => {
    expect([chart('disk').from, chart('disk').scale]).toEqual([90, '100%, scale from 90']);
    expect([chart('cpu').from, chart('cpu').scale]).toEqual([0, '100%']);
  });

  it('draws from where on the hub says that it is trouble, unless that is below the scale', () => {
    expect(['cpu', 'memory', 'disk'].map((id) => chart(id).threshold)).toEqual([85, 90, undefined]);
  });

  it('the cores are a threshold inside of the scale', () => {
    expect(chart('load')).toMatchObject({ threshold: 4, to: 7, scale: '7' });
  });
});

it('a host that nothing else is known of has its charts all the same', () => {
  expect(chartsOf({ ...ANSWER, checks: [] }, undefined, undefined).map(({ note }) => note)).toEqual([
    '',
    '11.4 GB',
    '80 of 80 GB',
    '',
    '',
  ]);
});
