import type { HubClient } from '@flywatch/client';
import { HubError } from '@flywatch/client';
import { describe, expect, test } from 'vitest';
import { agoText } from '../view/ago-text.ts';
import { readFleet, unitsOfSummary } from './fleet.ts';

const NOW = Date.parse('2026-11-20T10:15:00Z');

const row = (vps: string, app: string, parts: object = {}) => ({
  vps_name: vps,
  app_name: app,
  last_seen: '2026-11-20T10:14:30Z',
  cpu_percent: 12.5,
  memory_percent: 40,
  disk_percent: 61,
  health_status: 'healthy',
  ...parts,
});

describe('from the summary of an older hub', () => {
  test('apps of one host are one unit, with the figures of the newest row', () => {
    const [unit, ...others] = unitsOfSummary(
      [row('web', 'a', { cpu_percent: 1, last_seen: '2026-11-20T10:00:00Z' }), row('web', 'b')],
      NOW,
    );
    expect(others).toEqual([]);
    expect(unit).toMatchObject({ name: 'web', apps: ['a', 'b'], cpuPercent: 12.5, state: 'fine' });
  });

  test('trouble stands first', () => {
    const rows = [row('a', 'x'), row('b', 'x', { health_status: 'unhealthy' }), row('c', 'x', { last_seen: null })];
    const units = unitsOfSummary(rows, NOW);
    expect(units.map(({ name, state }) => `${name} ${state}`)).toEqual(['b attention', 'c late', 'a fine']);
    expect(units[0]!.reasons).toEqual(['A check of x fails']);
  });
});

const hub = (answers: Record<string, unknown>) =>
  ({
    get: async (path: string) => {
      if (path in answers) return answers[path];
      throw new HubError('no such route', { status: 404, code: 'not_found', url: path });
    },
  }) as unknown as HubClient;

test('from the overview: states and reasons as the hub judges, machines and checks counted', async () => {
  const units = [
    {
      kind: 'fly',
      name: 'shop',
      state: 'attention',
      reasons: [{ code: 'x', text: 'A machine is failing' }],
      last_seen: null,
      apps: [],
      figures: null,
      errors: { count: 4, buckets: [] },
      checks: null,
      machines: [{ state: 'started' }, { state: 'failing' }],
    },
    {
      kind: 'vps',
      name: 'web',
      state: 'new-state',
      reasons: [],
      last_seen: '2026-11-20T10:14:30Z',
      apps: ['a'],
      figures: { cpu_percent: 5 },
      errors: { count: 0 },
      checks: { passed: 3, failed: 1, degraded: 0 },
      machines: [],
    },
  ];
  expect(await readFleet(hub({ 'api/fleet/overview': { units } }), 1)).toMatchObject([
    {
      name: 'shop',
      kind: 'fly',
      state: 'attention',
      reasons: ['A machine is failing'],
      apps: ['1/2 machines'],
      errors: 4,
      checks: '',
    },
    { name: 'web', kind: 'vps', state: 'attention', cpuPercent: 5, memoryPercent: null, checks: '3/4' },
  ]);
});

test('a hub without the overview is asked for its summary', async () => {
  expect(await readFleet(hub({ 'api/fleet/summary': [row('web', 'a')] }), 1)).toHaveLength(1);
  await expect(readFleet(hub({}), 1)).rejects.toThrow('no such route');
});

// biome-ignore format: a table
test.each([
  [null, 'never'], ['nonsense', 'never'], ['2026-11-20T10:15:10Z', '0 s'], ['2026-11-20T10:14:00Z', '60 s'],
  ['2026-11-20T10:05:00Z', '10 min'], ['2026-11-20T07:15:00Z', '3 h'], ['2026-11-10T10:15:00Z', '10 d'],
])('%s is %s ago', (time, text) => expect(agoText(time, NOW)).toBe(text));
