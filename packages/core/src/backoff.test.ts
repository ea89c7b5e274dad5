import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

const ALMOST_ONE = 1 - 2 ** -53;

describe('Backoff', () => {
  it('doubles the ceiling up to the cap', () => {
    const backoff = new Backoff({ baseMs: 250, capMs: 3000, random: () => ALMOST_ONE });
    expect(Array.from({ length: 6 }, () => backoff.nextDelayMs())).toEqual([250, 500, 1000, 2000, 3000, 3000]);
  });

  it('waits anything from nothing to the ceiling', () => {
    const draws = [0, 0.5, 0.25];
    const backoff = new Backoff({ baseMs: 100, random: () => draws.shift()! });
    expect([backoff.nextDelayMs(), backoff.nextDelayMs(), backoff.nextDelayMs()]).toEqual([0, 100, 100]);
  });

  it('begins anew after a reset', () => {
    const backoff = new Backoff({ random: () => ALMOST_ONE });
    backoff.nextDelayMs();
    backoff.nextDelayMs();
    expect(backoff.failures).toBe(2);
    backoff.reset();
    expect(backoff.failures).toBe(0);
    expect(backoff.nextDelayMs()).toBe(250);
  });

  it('never waits less than the other side asked for, and spreads beyond it', () => {
    expect(new Backoff({ random: () => 0 }).nextDelayMs(4000)).toBe(4000);
    expect(new Backoff({ random: () => ALMOST_ONE }).nextDelayMs(4000)).toBe(6000);
  });

  it('stays finite for ever', () => {
    const backoff = new Backoff({ baseMs: 1, capMs: 1e9, random: () => ALMOST_ONE });
    for (let i = 0; i < 5000; i++) backoff.nextDelayMs();
    expect(backoff.nextDelayMs()).toBe(1e9);
  });

  it.each([
    [{ baseMs: 0 }, /baseMs/],
    [{ baseMs: Number.NaN }, /baseMs/],
    [{ baseMs: 100, capMs: 50 }, /capMs/],
    [{ capMs: Number.POSITIVE_INFINITY }, /capMs/],
  ])('refuses %o', (options, message) => {
    expect(() => new Backoff(options)).toThrow(message);
  });
});
