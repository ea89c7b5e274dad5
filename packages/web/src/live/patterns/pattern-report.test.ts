import type { PatternRow } from '@flywatch/client';
import { describe, expect, it } from 'vitest';
import { groupPatterns, patternQuestion, worstLevel } from './pattern-report.ts';

const row = (pattern: string, patch: Partial<PatternRow> = {}): PatternRow => ({
  pattern,
  count: 1,
  levels: { info: 1 },
  first_seen: '2026-10-21T02:37:00.000Z',
  last_seen: '2026-10-21T02:38:00.000Z',
  example: { id: 'x', level: 'info', message: pattern, app: null, instance: null },
  q: `"${pattern}"`,
  ...patch,
});

describe('the question for a view', () => {
  it('compares what follows now with the stretch before it, as long', () => {
    expect(patternQuestion({ q: '', range: { kind: 'last', ms: 900_000 } })).toEqual({
      from: '15m',
      q: undefined,
      baseline: '15m',
      limit: 200,
    });
  });

  it('compares a stretch with the one before it, under the same filter', () => {
    const range = { kind: 'between', fromMs: 60_000, toMs: 150_500 } as const;
    expect(patternQuestion({ q: 'level:error', range })).toMatchObject({ q: 'level:error', baseline: '1m30s500ms' });
  });
});

describe('the rows', () => {
  it('stand under what has become of them, trouble first, in the order they came', () => {
    const rows = [row('a'), row('b', { change: 'gone' }), row('c', { change: 'new' }), row('d', { change: 'new' })];
    expect(groupPatterns(rows).map(({ change, rows }) => [change, rows.map(({ pattern }) => pattern)])).toEqual([
      ['new', ['c', 'd']],
      ['gone', ['b']],
      ['steady', ['a']],
    ]);
  });

  it('have the worst level of their lines', () => {
    expect(worstLevel({ levels: { info: 900, error: 1, warn: 5 } })).toBe('error');
    expect(worstLevel({ levels: { debug: 0 } })).toBe('info');
  });
});
