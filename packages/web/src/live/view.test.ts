import { describe, expect, it } from 'vitest';
import { DEFAULT_RANGE, formatDuration, formatView, parseView, rangeMoments, type View } from './view.ts';

const DEFAULT_VIEW: View = { q: '', range: DEFAULT_RANGE, line: undefined, tab: 'fields', show: 'lines', ask: false };
const MINUTE = 60_000;

const view = (text: string) => parseView(new URLSearchParams(text));

describe('the view in the address', () => {
  it('is the default one in an empty address, and the default one leaves the address empty', () => {
    expect(view('')).toEqual(DEFAULT_VIEW);
    expect(formatView(DEFAULT_VIEW).toString()).toBe('');
  });

  it.each<[string, Partial<View>]>([
    ['a filter with every character that an address gives a meaning', { q: 'a&b=c #"d" +e %20 -app:x ü😀' }],
    ['a filter that the language refuses', { q: '(a or' }],
    ['a range that follows now', { range: { kind: 'last', ms: 90 * MINUTE } }],
    ['a range that stands still', { range: { kind: 'between', fromMs: 1_700_000_000_123, toMs: 1_700_000_900_456 } }],
    ['an open line and its tab', { line: '0hod394fsff-29b62', tab: 'context' }],
    ['patterns in place of lines', { show: 'patterns' }],
    ['the assistant beside them', { ask: true }],
  ])('keeps %s', (_, patch) => {
    const given = { ...DEFAULT_VIEW, ...patch };
    expect(view(formatView(given).toString())).toEqual(given);
  });

  it.each([
    'range=soon',
    'range=0s',
    'range=9999999d',
    'from=yesterday&to=now',
    'from=2026-11-20T10:00:00Z',
    'from=2026-11-20T10:00:00Z&to=2026-11-20T09:00:00Z',
    'tab=secrets',
    'show=everything',
    'ask=me',
    'line=',
    `line=${'x'.repeat(65)}`,
  ])('leaves what cannot be understood at its default: %s', (text) => {
    expect(view(text)).toEqual(DEFAULT_VIEW);
  });

  it('prefers two moments to a duration, and a duration where the moments are broken', () => {
    expect(view('range=1h&from=2026-11-20T10:00:00Z&to=2026-11-20T11:00:00Z').range.kind).toBe('between');
    expect(view('range=1h&from=2026-11-20T10:00:00Z&to=x').range).toEqual({ kind: 'last', ms: 60 * MINUTE });
  });
});

describe('a range', () => {
  it.each([
    [90 * MINUTE, '1h30m'],
    [15 * MINUTE, '15m'],
    [30 * 1440 * MINUTE, '30d'],
    [1500, '1s500ms'],
  ])('of %i ms is written %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it('means moments: now and the time before it, or what it says', () => {
    expect(rangeMoments({ kind: 'last', ms: 1000 }, 5000)).toEqual({ fromMs: 4000, toMs: 5000 });
    expect(rangeMoments({ kind: 'between', fromMs: 1, toMs: 2 }, 5000)).toMatchObject({ fromMs: 1, toMs: 2 });
  });
});
