import { parseLevelValue, parseLogfmt, parseTime } from '@flywatch/core';
import { describe, expect, test } from 'vitest';
import { type DemoEnvelope, encodeEnvelope } from './envelope.ts';
import { createDemoScript } from './script.ts';

const START_MS = Date.parse('2026-11-20T10:15:02.100Z');

/** The lines of the first `count` at the given rate. */
function play(
  count: number,
  options: { seed?: number; ratePerSecond?: number; startMs?: number } = {},
): DemoEnvelope[] {
  const script = createDemoScript({ seed: 1, startMs: START_MS, ...options });
  return Array.from({ length: count }, () => script.next());
}

function secondsIn(envelope: DemoEnvelope): number {
  return (parseTime(envelope.timestamp)!.ms - START_MS) / 1000;
}

/** The severity that a line gives itself, as far as these tests need it. */
function isError({ log, message }: DemoEnvelope): boolean {
  if (log.level === 'error') return true;
  if (message.startsWith('{')) return /"level": ?(?:50|60|"ERROR"|"CRITICAL")/.test(message);
  return /^\w*Error:| level=error | (?:ERROR|FATAL|PANIC): |Out of memory: Killed/.test(message);
}

const ACCESS =
  /^[\da-f.:]+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "(?:GET|POST) \/\S* HTTP\/1\.1" \d{3} \d+ "[^"]*" "[^"]+" rt=\d+\.\d{3}(?: request_id=\w+)?$/;

describe('repeatability', () => {
  test('the same seed and start give the same lines to the byte', () => {
    expect(play(5000).map(encodeEnvelope)).toEqual(play(5000).map(encodeEnvelope));
  });

  test('asking when the next line is due changes nothing', () => {
    const script = createDemoScript({ seed: 1, startMs: START_MS });
    const lines = Array.from({ length: 2000 }, () => (script.nextTimeMs > 0 ? script.next() : undefined));
    expect(lines).toEqual(play(2000));
  });

  test('another seed gives other lines', () => {
    const seen = new Set(play(200).map((line) => line.message));
    const others = play(200, { seed: 2 }).filter((line) => !seen.has(line.message));
    expect(others.length).toBeGreaterThan(150);
  });
});

describe('envelopes', () => {
  test('each has the keys of Fly and is marked as demo', () => {
    for (const line of play(3000)) {
      expect(Object.keys(line)).toEqual(['demo', 'event', 'fly', 'host', 'log', 'message', 'timestamp']);
      expect(line.demo).toBe(true);
      expect(Object.keys(line.event)).toEqual(['provider']);
      expect(['app', 'runner', 'proxy', 'health']).toContain(line.event.provider);
      expect(Object.keys(line.fly)).toEqual(['app', 'region']);
      expect(Object.keys(line.fly.app)).toEqual(['instance', 'name']);
      expect(line.fly.app.instance).toMatch(/^[0-9a-f]{14}$/);
      expect(line.fly.region).toMatch(/^(?:fra|iad|syd)$/);
      expect(line.host).toMatch(/^[0-9a-f]{4}$/);
      expect(line.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z$/);
      expect(line.message).not.toBe('');
      expect(line.message).not.toContain('\n');
    }
  });

  test('the JSON of an envelope is that of JSON.stringify', () => {
    for (const line of play(3000)) expect(encodeEnvelope(line)).toBe(JSON.stringify(line));
  });

  test('what an app prints is info for Fly; only the platform says error', () => {
    const lines = play(3000);
    expect(new Set(lines.filter((line) => line.event.provider === 'app').map((line) => line.log.level))).toEqual(
      new Set(['info']),
    );
    expect(lines.some((line) => line.event.provider === 'health' && line.log.level === 'error')).toBe(true);
  });

  test('the mean message has 150 to 200 characters', () => {
    const lines = play(20_000);
    const mean = lines.reduce((sum, line) => sum + line.message.length, 0) / lines.length;
    expect(mean).toBeGreaterThan(150);
    expect(mean).toBeLessThan(205);
  });
});

describe('times', () => {
  test.each([0.1, 5, 300, 100_000])('at %d lines a second they grow with every line', (ratePerSecond) => {
    let before = '';
    for (const line of play(20_000, { ratePerSecond })) {
      const time = parseTime(line.timestamp)!;
      const sortable = `${time.ms}.${String(time.nanos).padStart(6, '0')}`;
      expect(sortable > before).toBe(true);
      before = sortable;
    }
  });

  test.each([
    [0.1, 5000],
    [1, 5000],
    [5, 5000],
    [50, 5000],
    [20_000, 100_000],
  ])('the asked rate of %d lines a second is kept', (ratePerSecond, count) => {
    const script = createDemoScript({ seed: 4, startMs: START_MS, ratePerSecond });
    for (let i = 0; i < count; i++) script.next();
    const seconds = (script.nextTimeMs - START_MS) / 1000;
    expect(count / seconds / ratePerSecond).toBeGreaterThan(0.9);
    expect(count / seconds / ratePerSecond).toBeLessThan(1.15);
  });

  test('times inside of messages are those of their envelopes', () => {
    for (const { message, timestamp } of play(3000)) {
      if (message.startsWith('{"level"')) expect(JSON.parse(message).time).toBe(parseTime(timestamp)!.ms);
      const own = /^(?:\{"timestamp": "|time=)([^" ]+)/.exec(message)?.[1];
      if (own !== undefined) expect(parseTime(own)!.ms).toBe(parseTime(timestamp)!.ms);
    }
  });

  test('a moved clock goes on with the same story', () => {
    const moved = createDemoScript({ seed: 1, startMs: START_MS });
    const still = createDemoScript({ seed: 1, startMs: START_MS });
    for (let i = 0; i < 100; i++) expect(moved.next()).toEqual(still.next());
    moved.moveTo(START_MS + 3_600_000_000);
    expect(moved.nextTimeMs).toBeGreaterThanOrEqual(START_MS + 3_600_000_000);
    expect(moved.nextTimeMs).toBeLessThan(START_MS + 3_600_000_002);
    expect(moved.next().fly).toEqual(still.next().fly);
  });
});

describe('kinds of lines', () => {
  const kinds: readonly (readonly [string, (line: DemoEnvelope) => boolean])[] = [
    ['an access line', ({ message }) => ACCESS.test(message)],
    ['a pino line', ({ message }) => message.startsWith('{"level":')],
    ['a logcore line', ({ message }) => message.startsWith('{"timestamp": ')],
    ['a logfmt line', ({ message }) => message.startsWith('time=')],
    ['a coloured line', ({ message }) => message.includes('\x1b[')],
    ['a stack trace of Node', ({ message }) => message.startsWith('    at ')],
    ['a stack trace of Python', ({ message }) => message.startsWith('Traceback (most recent call last)')],
    ['a pulled image', ({ message }) => message.startsWith('Pulling container image')],
    ['a prepared image', ({ message }) => message.startsWith('Successfully prepared image')],
    ['a started machine', ({ message }) => message.startsWith('Machine created and started')],
    ['a SIGINT', ({ message }) => message.includes('Sending signal SIGINT')],
    ['an exit', ({ message }) => message.includes('Main child exited normally')],
    ['a passing health check', ({ message }) => message.endsWith('is now passing.')],
  ];

  test.each([1, 2, 3, 99])('with seed %d a newcomer sees each of them within two and a half minutes', (seed) => {
    const lines = play(900, { seed }).filter((line) => secondsIn(line) < 150);
    expect(kinds.filter(([, is]) => !lines.some(is)).map(([name]) => name)).toEqual([]);
  });

  test('at night too', () => {
    const lines = play(700, { startMs: Date.parse('2026-11-20T04:00:00Z') });
    expect(kinds.filter(([, is]) => !lines.some(is)).map(([name]) => name)).toEqual([]);
  });

  test('JSON lines parse and have a level and a message, and name the machine that printed them', () => {
    for (const { message, fly } of play(5000)) {
      if (!message.startsWith('{')) continue;
      const parsed = JSON.parse(message);
      expect(parseLevelValue(parsed.level)).toBeDefined();
      expect(typeof (parsed.msg ?? parsed.message)).toBe('string');
      if ('hostname' in parsed) expect(parsed.hostname).toBe(fly.app.instance);
    }
  });

  test('logfmt lines have a level, and every line of the front end with an HTTP version is an access line', () => {
    for (const { message } of play(5000)) {
      if (message.startsWith('time=')) expect(parseLevelValue(parseLogfmt(message)?.level)).toBeDefined();
      if (message.includes('HTTP/1.1"')) expect(message).toMatch(ACCESS);
    }
  });

  test('the lines of a stack trace follow one another within microseconds, with nobody between them', () => {
    const lines = play(900);
    const from = lines.findIndex(({ message }) => message.startsWith('    at ')) - 1;
    const trace = lines.slice(from, from + 7);
    expect(trace[0]!.message).toMatch(/^\w*Error: /);
    expect(new Set(trace.map((line) => line.fly.app.instance)).size).toBe(1);
    expect(trace.slice(1).every(({ message }) => message.startsWith('    at '))).toBe(true);
    expect(parseTime(trace.at(-1)!.timestamp)!.ms - parseTime(trace[0]!.timestamp)!.ms).toBeLessThanOrEqual(1);
  });

  test('an order can be followed by its request id through front end, API and worker', () => {
    const lines = play(4000);
    const placed = lines.find(({ message }) => message.includes('"msg":"order placed"'))!;
    const id = JSON.parse(placed.message).request_id;
    const apps = lines.filter(({ message }) => message.includes(id)).map((line) => line.fly.app.name);
    expect(new Set(apps)).toEqual(new Set(['shop-web', 'shop-api', 'shop-worker']));
  });
});

describe('the incident', () => {
  const story = [
    'archive command failed with exit code 255',
    'WAL piles up, disk is filling',
    'slow query',
    'PoolTimeoutError',
    'No space left on device',
    'Error: connect ECONNREFUSED',
    'Out of memory: Killed process',
    'Process appears to have been OOM killed!',
    'database system is ready to accept connections',
    'backlog is done',
  ];

  test.each([1, 2, 3])('with seed %d it happens within ten minutes, in the order of the story', (seed) => {
    const lines = play(3600, { seed }).filter((line) => secondsIn(line) < 600);
    const from = lines.findIndex(({ message }) => message.includes(story[0]!));
    const places = story.map((text) => lines.findIndex(({ message }, at) => at >= from && message.includes(text)));
    expect(places).not.toContain(-1);
    // A slow query may happen at any time; the others are links of a chain.
    const chain = places.filter((_, at) => story[at] !== 'slow query');
    expect(chain).toEqual(chain.toSorted((a, b) => a - b));
  });

  test('errors are rarer than one in fifty before it, and one in eight or more at its height, stack frames counted in', () => {
    const lines = play(20_000, { ratePerSecond: 50 });
    const share = (from: number, to: number) => {
      const part = lines.filter((line) => secondsIn(line) >= from && secondsIn(line) < to);
      return part.filter(isError).length / part.length;
    };
    expect(share(0, 220)).toBeLessThan(0.02);
    expect(share(330, 370)).toBeGreaterThan(0.125);
  });

  test('a stopped program says nothing before it is started again', () => {
    const lines = play(3600);
    const killed = lines.findIndex(({ message }) => message.includes('Out of memory: Killed process'));
    const { instance } = lines[killed]!.fly.app;
    const after = lines.slice(killed).filter((line) => line.fly.app.instance === instance);
    const ready = after.findIndex(({ message }) => message.includes('worker ready'));
    expect(ready).toBeGreaterThan(0);
    expect(after.slice(0, ready).some(({ message }) => message.startsWith('{'))).toBe(false);
  });

  test('it comes again, and the shop recovers from it every time', () => {
    const lines = play(40_000);
    const times = (text: string) => lines.filter(({ message }) => message.includes(text)).length;
    expect(times('PANIC')).toBeGreaterThan(2);
    expect(Math.abs(times('PANIC') - times('ready to accept connections'))).toBeLessThanOrEqual(1);
  });
});

test('a rate that is none is refused', () => {
  expect(() => createDemoScript({ seed: 1, startMs: START_MS, ratePerSecond: 0 })).toThrow(RangeError);
});
