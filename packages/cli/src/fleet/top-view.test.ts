import { describe, expect, test } from 'vitest';
import { createPaint } from '../view/colours.ts';
import { displayWidth } from '../view/display-width.ts';
import type { Unit } from './fleet.ts';
import { EMPTY, pressKey, renderTop, type TopState, visibleUnits } from './top-view.ts';

const unit = (name: string, parts: Partial<Unit> = {}): Unit => ({
  name,
  kind: 'vps',
  state: 'fine',
  reasons: [],
  apps: ['shop'],
  cpuPercent: 12.5,
  memoryPercent: 40,
  diskPercent: 61,
  load: 0.5,
  errors: 3,
  checks: '4/4',
  lastSeen: '2026-11-20T10:15:00Z',
  ...parts,
});

const UNITS = [unit('db-1', { state: 'down', reasons: ['No report for 5 min'] }), unit('web-1'), unit('web-2')];
const state = (parts: Partial<TopState> = {}): TopState => ({ ...EMPTY, units: UNITS, readAtMs: 0, ...parts });

function press(from: TopState, ...keys: string[]): TopState | 'quit' {
  return keys.reduce<TopState | 'quit'>((now, key) => (now === 'quit' ? now : pressKey(now, key)), from);
}

const screen = {
  columns: 90,
  rows: 20,
  paint: createPaint(true),
  hub: 'http://hub/',
  nowMs: Date.parse('2026-11-20T10:15:05Z'),
};

describe('keys', () => {
  test.each(['q', 'Q', '\x1b', '\x03'])('%j ends', (key) => expect(pressKey(state(), key)).toBe('quit'));

  test('arrows mark, and stop at the ends', () => {
    expect(press(state(), '\x1b[B')).toMatchObject({ marked: 'db-1' });
    expect(press(state(), '\x1b[B', '\x1b[B', 'j', 'j', 'j')).toMatchObject({ marked: 'web-2' });
    expect(press(state(), 'G', '\x1b[A')).toMatchObject({ marked: 'web-1' });
    expect(press(state({ units: [] }), '\x1b[B')).toMatchObject({ marked: undefined });
  });

  test('/ filters while it is typed; Enter keeps it, Escape takes it away', () => {
    const typed = press(state(), '/', 'w', 'e', 'b', 'x', '\x7f');
    expect(typed).toMatchObject({ filter: 'web', isTyping: true });
    expect(visibleUnits(typed as TopState).map(({ name }) => name)).toEqual(['web-1', 'web-2']);
    expect(press(typed as TopState, '\r')).toMatchObject({ filter: 'web', isTyping: false });
    expect(press(typed as TopState, '\x1b')).toMatchObject({ filter: '', isTyping: false });
    expect(press(typed as TopState, '\r', '\x1b')).toMatchObject({ filter: '' });
    expect(press(typed as TopState, '\x1b[A', 'q')).toMatchObject({ filter: 'webq' });
  });
});

describe('the screen', () => {
  test('has trouble in its title and first row, and the reason of what is marked', () => {
    const lines = renderTop(state({ marked: 'db-1' }), screen);
    expect(lines[0]).toContain('1 down, 2 fine');
    expect(lines[3]).toContain('db-1');
    expect(lines.join('\n')).toContain('No report for 5 min');
  });

  test.each([
    [90, 20],
    [40, 12],
    [20, 8],
    [200, 50],
    [5, 3],
  ])('fits into %i columns and %i rows', (columns, rows) => {
    const many = Array.from({ length: 100 }, (_, i) => unit(`host-${i}`));
    const lines = renderTop(state({ units: many, marked: 'host-99' }), { ...screen, columns, rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    if (rows >= 8) expect(lines.join('\n')).toContain('host-99'.slice(0, columns - 13));
  });

  test('a lost hub is said, with the age of what is shown', () => {
    const [title] = renderTop(state({ trouble: 'no answer', readAtMs: screen.nowMs - 7000 }), screen);
    expect(title).toContain('no answer (as of 7 s ago)');
  });

  test('hostile names are harmless', () => {
    const bad = unit('\x1b[2Jx\u202e', { apps: ['\x1b]0;t\x07'], reasons: ['\x1b[1A'] });
    const text = renderTop(state({ units: [bad], marked: bad.name }), screen).join('\n');
    expect(text.replaceAll(/\x1b\[[\d;]*m/g, '')).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
  });
});
