/** A file system that is soon full, in memory. Mounting takes rights that not every machine gives: a test that is skipped says so in its name. */

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** To the last byte: what is written first finds room in a page that is begun. */
  fill(): void;
  /** Takes away what it was filled with. */
  clear(): void;
  resize(size: string): void;
  unmount(): void;
}

/** Undefined where this user may not mount. */
export function mountSmallDisk(size: string): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-small-'));
  const ballast = join(folder, 'ballast');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    fill: () => {
      for (const bytes of [64 * 1024, 512]) fillBy(ballast, bytes);
    },
    clear: () => rmSync(ballast, { force: true }),
    resize: (to) => void execFileSync('mount', ['-o', `remount,size=${to}`, folder]),
    unmount: () => {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function fillBy(file: string, bytes: number): void {
  try {
    for (;;) appendFileSync(file, 'x'.repeat(bytes));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
