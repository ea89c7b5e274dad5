/** The agent's own disk is full: log files wait, nothing is sent that is not in the ledger, and all of it comes once when there is room. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogBatch, LogTail } from '@flywatch/agent';
import { expect, test } from 'vitest';
import { mountSmallDisk } from '../support/small-disk.ts';

const disk = mountSmallDisk('64k');
const skipped = disk === undefined ? ' (skipped: this user may not mount a small file system)' : '';

test.skipIf(disk === undefined)(
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
      settings: { agent: 'a', stateDir: disk!.folder, files: [{ pattern: file }] },
      sink,
      warn: (message) => warnings.push(message),
    });
    try {
      writeFileSync(file, '{"n":0}\n');
      await tail.start();
      await expect.poll(() => lines.length).toBe(1);
      disk!.fill();
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
      disk!.clear();
      await expect.poll(() => lines.length).toBe(written);
      expect(lines).toEqual(Array.from({ length: written }, (_, n) => `{"n":${n}}`));
      expect(warnings.at(-1)).toBe('the ledger can be written again');
    } finally {
      await tail.stop();
      disk!.unmount();
      rmSync(folder, { recursive: true });
    }
  },
);
