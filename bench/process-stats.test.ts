import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { readProcess, resetPeak } from './process-stats.ts';

/** The kernel counts pages per core and adds them up now and then: two figures of one moment may differ by that. */
const ROUNDING_BYTES = 4 << 20;

test('CPU time and memory of a process include those of its children', async () => {
  // A shell that waits while its child spins for half a second of CPU time and keeps 64 MB.
  const spin = `const b = Buffer.alloc(64 << 20, 1); while (process.cpuUsage().user < 5e5); console.log(b.length); setTimeout(() => {}, 60000)`;
  const child = spawn('/bin/sh', ['-c', `"${process.execPath}" -e '${spin}'; true`], { detached: true });
  try {
    await once(child.stdout, 'data');
    const stats = readProcess(child.pid!);
    expect(stats.cpuS).toBeGreaterThan(0.4);
    expect(stats.rssBytes).toBeGreaterThan(64 << 20);
    expect(stats.peakRssBytes).toBeGreaterThanOrEqual(stats.rssBytes - ROUNDING_BYTES);
    resetPeak(child.pid!);
    expect(readProcess(child.pid!).peakRssBytes).toBeLessThanOrEqual(stats.peakRssBytes + ROUNDING_BYTES);
  } finally {
    process.kill(-child.pid!, 'SIGKILL');
  }
});

test('a process that is gone counts nothing', () => {
  expect(readProcess(2 ** 22 + 1)).toEqual({ cpuS: 0, rssBytes: 0, peakRssBytes: 0 });
});
