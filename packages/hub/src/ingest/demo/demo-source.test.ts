import { expect, test } from 'vitest';
import { createDemoSource, type DemoClock } from './demo-source.ts';

const START_MS = Date.parse('2026-11-20T10:15:02Z');

/** A clock that stands still until it is moved; whatever falls due on the way runs at its time. */
class FakeClock implements DemoClock {
  now = START_MS;
  readonly #timers = new Map<object, { readonly atMs: number; readonly run: () => void }>();

  nowMs(): number {
    return this.now;
  }

  schedule(run: () => void, delayMs: number): () => void {
    const key = {};
    this.#timers.set(key, { atMs: this.now + delayMs, run });
    return () => this.#timers.delete(key);
  }

  get pending(): number {
    return this.#timers.size;
  }

  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const [key, next] = [...this.#timers].toSorted((a, b) => a[1].atMs - b[1].atMs)[0] ?? [];
      if (key === undefined || next === undefined || next.atMs > until) break;
      this.#timers.delete(key);
      this.now = Math.max(this.now, next.atMs);
      next.run();
    }
    this.now = until;
  }

  /** What a suspended laptop does: time passes, and nothing runs. */
  sleep(ms: number): void {
    this.now += ms;
  }
}

function setup(ratePerSecond: number) {
  const clock = new FakeClock();
  const batches: { readonly payloads: readonly string[]; readonly atMs: number }[] = [];
  const source = createDemoSource({
    ratePerSecond,
    seed: 7,
    clock,
    emit: (payloads, atMs) => batches.push({ payloads, atMs }),
  });
  const lines = () => batches.flatMap(({ payloads }) => payloads);
  return { clock, batches, source, lines };
}

test.each([
  [0.1, 20_000],
  [1, 2000],
  [5, 300],
  [200, 60],
  [20_000, 2],
])('at %d lines a second, %d seconds have that many lines', (ratePerSecond, seconds) => {
  const { clock, source, lines } = setup(ratePerSecond);
  source.start();
  clock.advance(seconds * 1000);
  expect(lines().length / (ratePerSecond * seconds)).toBeGreaterThan(0.88);
  expect(lines().length / (ratePerSecond * seconds)).toBeLessThan(1.15);
  expect(source.linesEmitted).toBe(lines().length);
});

test('every payload is JSON that is marked as demo, and said when its time has come', () => {
  const { clock, source, batches } = setup(50);
  source.start();
  clock.advance(30_000);
  for (const { payloads, atMs } of batches) {
    for (const payload of payloads) {
      const line = JSON.parse(payload);
      expect(line.demo).toBe(true);
      const lateMs = atMs - Date.parse(line.timestamp);
      expect(lateMs).toBeGreaterThanOrEqual(0);
      expect(lateMs).toBeLessThanOrEqual(101);
    }
  }
});

test('batches are a tenth of a second apart or more', () => {
  const { clock, source, batches } = setup(1000);
  source.start();
  clock.advance(10_000);
  const gaps = batches.slice(1).map(({ atMs }, i) => atMs - batches[i]!.atMs);
  expect(batches.length).toBeGreaterThan(90);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
});

test('a stopped source says nothing more and leaves no timer behind', () => {
  const { clock, source, lines } = setup(100);
  source.start();
  clock.advance(5000);
  source.stop();
  source.stop();
  const count = lines().length;
  clock.advance(60_000);
  expect(lines().length).toBe(count);
  expect(clock.pending).toBe(0);
});

test('a stop from within emit holds', () => {
  const clock = new FakeClock();
  let batches = 0;
  const source = createDemoSource({
    ratePerSecond: 100,
    seed: 7,
    clock,
    emit: () => {
      batches++;
      source.stop();
    },
  });
  source.start();
  clock.advance(10_000);
  expect(batches).toBe(1);
  expect(clock.pending).toBe(0);
});

test('a source that is started twice speaks once', () => {
  const { clock, source, lines } = setup(100);
  source.start();
  source.start();
  expect(clock.pending).toBe(1);
  clock.advance(10_000);
  expect(lines().length).toBeLessThan(1200);
});

test('a source that is started again goes on at the time of the clock', () => {
  const { clock, source, batches } = setup(100);
  source.start();
  clock.advance(1000);
  source.stop();
  clock.sleep(3_600_000);
  const restartedMs = clock.now;
  batches.length = 0;
  source.start();
  clock.advance(1000);
  const first = JSON.parse(batches[0]!.payloads[0]!);
  expect(Date.parse(first.timestamp)).toBeGreaterThanOrEqual(restartedMs);
});

test('after a sleep it does not tell what happened meanwhile', () => {
  const { clock, source, lines, batches } = setup(1000);
  source.start();
  clock.advance(1000);
  const before = lines().length;
  clock.sleep(8 * 3_600_000);
  clock.advance(1000);
  expect(lines().length - before).toBeLessThan(1200);
  expect(Date.parse(JSON.parse(batches.at(-1)!.payloads.at(-1)!).timestamp)).toBeGreaterThan(clock.now - 300);
});

test('after a short stall it catches up in batches of a bounded size', () => {
  const { clock, source, lines, batches } = setup(10_000);
  source.start();
  clock.advance(1000);
  clock.sleep(1500);
  clock.advance(5000);
  expect(Math.max(...batches.map(({ payloads }) => payloads.length))).toBeLessThanOrEqual(2000);
  expect(lines().length).toBeGreaterThan(7.3 * 10_000);
});

test('a clock that is set back takes the lines with it', () => {
  const { clock, source, batches } = setup(100);
  source.start();
  clock.advance(1000);
  source.stop();
  clock.now -= 3_600_000;
  batches.length = 0;
  source.start();
  clock.advance(1000);
  expect(batches.length).toBeGreaterThan(5);
  expect(Date.parse(JSON.parse(batches[0]!.payloads[0]!).timestamp)).toBeLessThanOrEqual(clock.now);
});

test.each([0, 0.05, -1, 100_001, Number.NaN])('a rate of %d is refused', (ratePerSecond) => {
  expect(() => createDemoSource({ ratePerSecond, seed: 1, emit: () => {} })).toThrow(RangeError);
});

test('with the clock of the system it does not hold the process', () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const source = createDemoSource({ ratePerSecond: 5, seed: 1, emit: () => {} });
  source.start();
  expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBe(before);
  source.stop();
});
