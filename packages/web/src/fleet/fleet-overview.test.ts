import type { FleetOverview, FleetUnit } from '@flywatch/core';
import { describe, expect, it } from 'vitest';
import { countTrouble, groupsOf, isFound } from './fleet-overview.ts';
import { troubleColumns } from './trouble-columns.ts';

const UNIT: FleetUnit = {
  kind: 'vps',
  name: 'db-01',
  state: 'fine',
  severity: null,
  reasons: [],
  last_seen: null,
  interval_seconds: null,
  this_hub: false,
  demo: false,
  apps: ['postgres'],
  regions: [],
  system: null,
  figures: null,
  spark: null,
  errors: { count: 0, buckets: [] },
  checks: null,
  machines: [],
};

const unit = (patch: Partial<FleetUnit>): FleetUnit => ({ ...UNIT, ...patch });

it('what is late stands with what needs attention, below it, and groups without a row are left out', () => {
  const units = [
    unit({ name: 'a', state: 'down' }),
    unit({ name: 'b', state: 'attention' }),
    unit({ name: 'c', state: 'late' }),
    unit({ name: 'd' }),
  ];
  expect(groupsOf(units).map(({ name, units }) => [name, units.map((one) => one.name)])).toEqual([
    ['Down', ['a']],
    ['Needs attention', ['b', 'c']],
    ['Fine', ['d']],
  ]);
});

it('down, in need of attention and late are questions for a person; stopped is none', () => {
  const totals = { down: 1, attention: 2, late: 3, stopped: 4, fine: 5 };
  expect(countTrouble({ totals } as FleetOverview)).toBe(6);
});

describe('the search', () => {
  const reasons = [{ code: 'disk', text: 'Disk / 96%', severity: 'error', since: null }] as const;

  it.each(['', 'DB', 'postgres', 'db postg', 'disk 96%'])('finds by names, apps and reasons: %j', (text) =>
    expect(isFound(unit({ reasons }), text)).toBe(true),
  );

  it.each(['web', 'db web'])('and needs each word: %j', (text) => expect(isFound(unit({ reasons }), text)).toBe(false));
});

it('only the figure that a reason speaks of is coloured, by its worst reason', () => {
  const reasons = [
    { code: 'disk', text: '', severity: 'error', since: null },
    { code: 'inodes', text: '', severity: 'warn', since: null },
    { code: 'load', text: '', severity: 'warn', since: null },
    { code: 'constructor', text: '', severity: 'error', since: null },
  ] as const;
  expect([...troubleColumns(unit({ reasons }))]).toEqual([
    ['disk', 'error'],
    ['load', 'warn'],
  ]);
});
