import type { FleetUnit } from '@flywatch/core';
import { describe, expect, it } from 'vitest';
import { summedTo } from './ErrorBars.tsx';
import { kindText, lastHeardText, osText, seenText, sizeText } from './words.ts';

const NOW = Date.UTC(2026, 9, 21, 2, 41);
const before = (ms: number) => new Date(NOW - ms).toISOString();
const system = {
  os: 'Debian GNU/Linux 12 (bookworm)',
  kernel: null,
  cores: 4,
  memory_bytes: 16e9,
  uptime_seconds: null,
  agent_version: null,
};

describe('what a row is', () => {
  const unit = (patch: object) =>
    ({ kind: 'vps', regions: [], machines: [], system: null, ...patch }) as unknown as FleetUnit;
  const machines = ['started', 'killed', 'started'].map((state) => ({ state }));

  it.each([
    [{ system }, 'VPS · Debian 12 · 4 cores, 16 GB'],
    [{ this_hub: true }, 'VPS · this hub'],
    [{ kind: 'fly', regions: ['fra'], machines }, 'Fly app · fra · 2 of 3 machines'],
    [{ kind: 'fly', regions: ['ams', 'fra', 'iad', 'nrt'], machines: [] }, 'Fly app · ams, fra, iad and 1 more'],
    [{ kind: 'fly', machines: [{ state: 'started' }] }, 'Fly app · 1 machine'],
  ])('%j', (patch, text) => expect(kindText(unit(patch))).toBe(text));

  it.each([
    ['Ubuntu 24.04.1 LTS', 'Ubuntu 24.04.1 LTS'],
    ['Fedora Linux 42 (Server Edition)', 'Fedora Linux 42'],
    [null, ''],
  ])('the system %s is %j', (os, text) => expect(osText(os)).toBe(text));

  it('a size is what is known of it', () => {
    expect(sizeText({ ...system, cores: 1, memory_bytes: null })).toBe('1 core');
    expect(sizeText(null)).toBe('');
  });
});

describe('when it was seen', () => {
  it.each([
    [0, 'now'],
    [8400, '8 s ago'],
    [190_000, '3 min ago'],
    [16_380_000, '4 h ago'],
    [200 * 3_600_000, '8 days ago'],
  ])('%d ms ago: %s', (ms, text) => expect(seenText(before(ms), NOW)).toBe(text));

  it('never, where there was no report', () => expect(seenText(null, NOW)).toBe('never'));

  it('what is down has the time at which it was heard of last, and after a day the date', () => {
    expect(lastHeardText(before(3 * 3_600_000), 'utc', NOW)).toBe('23:41');
    expect(lastHeardText(before(50 * 3_600_000), 'utc', NOW)).toBe('19 Oct');
  });
});

it('bars are sums of buckets of which the newest is full', () => {
  expect(summedTo(24, [1, 2, 3])).toEqual([1, 2, 3]);
  expect(summedTo(2, [1, 2, 3])).toEqual([1, 5]);
  expect(summedTo(24, new Array(60).fill(1))).toHaveLength(20);
});
