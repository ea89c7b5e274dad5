import type { FleetUnit, UnitSeverity, UnitState } from '@flywatch/core';
import { expect, test } from 'vitest';
import { hostFacts } from './host-facts.fixture.ts';
import { hostUnit } from './host-unit.ts';
import { inOrder, totalsOf } from './order.ts';

const NO_ERRORS = { count: 0, buckets: [] };
const fine = hostUnit(hostFacts(), { errors: NO_ERRORS, spark: null, checks: null, isThisHub: false });

function unit(
  name: string,
  state: UnitState,
  severity: UnitSeverity | null = null,
  since: string | null = null,
): FleetUnit {
  const reasons = severity === null ? [] : [{ code: 'x', text: 'x', severity, since }];
  return { ...fine, name, state, severity, reasons };
}

test('trouble comes first: by state, errors before warnings, the newest first, the rest by name', () => {
  const units = [
    unit('zoo', 'fine'),
    unit('abc', 'fine'),
    unit('off', 'stopped'),
    unit('slow', 'late', 'warn', '2026-11-21T02:40:00Z'),
    unit('warned', 'attention', 'warn', '2026-11-21T02:50:00Z'),
    unit('old', 'attention', 'error', '2026-11-21T02:10:00Z'),
    unit('new', 'attention', 'error', '2026-11-21T02:37:00Z'),
    unit('undated', 'attention', 'error'),
    unit('gone', 'down', 'error', '2026-11-20T22:08:00Z'),
  ];
  expect(inOrder(units).map(({ name }) => name)).toEqual([
    'gone',
    'new',
    'old',
    'undated',
    'warned',
    'slow',
    'off',
    'abc',
    'zoo',
  ]);
});

test('sums are those of the units', () => {
  const machine = { id: 'a', region: null, text: '', since: null, last_seen: '', exit_code: null, errors: NO_ERRORS };
  const app = {
    ...unit('app', 'attention', 'error'),
    errors: { count: 5, buckets: [5] },
    machines: (['started', 'failing', 'killed', 'stopped'] as const).map((state) => ({ ...machine, state })),
  };
  const checked = { ...unit('vps', 'fine'), checks: { passed: 7, degraded: 2, failed: 1, last: [] } };
  expect(totalsOf([app, checked, unit('late', 'late', 'warn')])).toEqual({
    ...{ down: 0, attention: 1, late: 1, stopped: 0, fine: 1 },
    ...{ machines_running: 2, machines: 4, checks_passed: 9, checks: 10, errors: 5 },
  });
});
