/** The agent's own disk is full: log files wait, nothing is sent that is not in the ledger, and all of it comes once when there is room. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogBatch, LogTail } from '@flywatch/agent';
import { expect, test } from 'vitest';

/** Mounting takes rights that not every machine gives; the name of the skipped test says so. */
function mountSmall(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-full-agent-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

const stateDir = mountSmall();
const skipped = stateDir === undefined ? ' (skipped: this user may not mount a small file system)' : '';

test.skipIf(stateDir === undefined)(
  `a full disk under the ledger${skipped}: files wait, and every line comes once when there is room again`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
    const file = join(folder, 'app.log');
    const lines: string[] = [];
    const warnings: string[] = [];
    const sink = {
      send: async ({ body }: LogBatch) => {
        lines.push(
          ...body
            .toString()
            .split('\n')
            .filter((line) => line.startsWith('{"n":')),
        );
        return 'taken' as const;
      },
    };
    const tail = new LogTail({
      settings: { agent: 'a', stateDir: stateDir!, files: [{ pattern: file }] },
      sink,
      warn: (message) => warnings.push(message),
    });
    const ballast = join(stateDir!, 'ballast');
    try {
      writeFileSync(file, '{"n":0}\n');
      await tail.start();
      await expect.poll(() => lines.length, { timeout: 5_000 }).toBe(1);
      // To the last byte: what is written first finds room in a page that is begun.
      expect(() => {
        for (;;) appendFileSync(ballast, 'x'.repeat(512));
      }).toThrow(/ENOSPC/);
      let written = 1;
      await expect
        .poll(
          () => {
            appendFileSync(file, `{"n":${written++}}\n`);
            return tail.status().state;
          },
          { timeout: 20_000, interval: 350 },
        )
        .toBe('failing');
      expect(warnings).toEqual([expect.stringMatching(/the ledger cannot be written: ENOSPC.*read on when it can be/)]);
      rmSync(ballast);
      await expect.poll(() => lines.length, { timeout: 10_000 }).toBe(written);
      expect(lines).toEqual(Array.from({ length: written }, (_, n) => `{"n":${n}}`));
      expect(warnings.at(-1)).toBe('the ledger can be written again');
    } finally {
      await tail.stop();
      execFileSync('umount', ['-l', stateDir!]);
      rmSync(stateDir!, { recursive: true });
      rmSync(folder, { recursive: true });
    }
  },
);
