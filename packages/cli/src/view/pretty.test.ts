import { expect, test } from 'vitest';
import { Clock } from './clock.ts';
import { createPaint } from './colours.ts';
import { createPretty } from './pretty.ts';
import type { ShownEvent } from './shown-event.ts';

const event: ShownEvent = {
  time: '2026-11-20T10:15:00.123456Z',
  level: 'error',
  message: 'card declined',
  app: 'shop-api',
  instance: '6e82d4e6a37548',
  region: 'fra',
  provider: 'app',
};

function show(parts: Partial<ShownEvent>, columns?: number, colours = false): string {
  const clock = new Clock({ utc: true, now: () => Date.parse('2026-11-20T12:00:00Z') });
  return createPretty({
    columns: columns === undefined ? undefined : () => columns,
    clock: columns === undefined ? undefined : clock,
    colours,
    paint: createPaint(colours),
  })({ ...event, ...parts });
}

test('to a pipe: whole times, whole names, no breaks', () => {
  expect(show({ fields: { status: 402 } })).toBe(
    '2026-11-20T10:15:00.123456Z ERROR shop-api[6e82d4e6a37548] fra  card declined status=402\n',
  );
  expect(show({ message: 'word '.repeat(60) }).split('\n')).toHaveLength(2);
});

test('a narrow terminal shows the beginning of an instance, a wide one all of it', () => {
  expect(show({}, 80)).toBe('10:15:00.123 ERROR shop-api[6e82d4] fra  card declined\n');
  expect(show({}, 120)).toContain('shop-api[6e82d4e6a37548] fra');
});

// biome-ignore format: a table
test.each([
  [{ app: undefined, instance: undefined, region: undefined, provider: undefined }, '10:15:00.123 ERROR card declined\n'],
  [{ instance: undefined, region: undefined, host: 'vps-1', provider: 'agent' }, '10:15:00.123 ERROR shop-api[vps-1]  card declined\n'],
  [{ app: undefined, instance: undefined, host: 'vps-1', source: 'sshd' }, '10:15:00.123 ERROR vps-1 fra sshd  card declined\n'],
  [{ provider: 'proxy', level: 'warn' }, '10:15:00.123 WARN  shop-api[6e82d4] fra proxy  card declined\n'],
  [{ message: '' }, '10:15:00.123 ERROR shop-api[6e82d4] fra  \n'],
] as const)('labels of %j', (parts, shown) => expect(show(parts, 80)).toBe(shown));

test('a stack trace stands below its line', () => {
  expect(show({ message: 'Error: no stock\n\tat buy\n\tat main\n' }, 80)).toBe(
    '10:15:00.123 ERROR shop-api[6e82d4] fra  Error: no stock\n                 at buy\n                 at main\n',
  );
});

test('every line fits into the window', () => {
  const lines = show({ message: 'the quick brown fox '.repeat(20) }, 60)
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
});

test('no part of an event reaches the terminal as it came', () => {
  const bad = '\x1b]0;x\x07\x1b[2J\u202e\r';
  const shown = show(
    {
      message: `m${bad}`,
      app: `a${bad}`,
      instance: bad,
      region: bad,
      source: bad,
      time: `t${bad}`,
      fields: { [bad]: bad, s: `${bad}\n${bad}` },
    },
    undefined,
    true,
  );
  expect(shown.replaceAll(/\x1b\[[\d;]+m/g, '')).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});
