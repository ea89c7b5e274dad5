/** What the file system says about a path. */

import { realpathSync, statSync } from 'node:fs';

export interface FileFacts {
  /** Device and inode. As text, since inodes of 64 bits do not fit into a number. */
  readonly key: string;
  readonly size: number;
  readonly changedMs: number;
  /** 0 where the file system does not know. */
  readonly bornMs: number;
}

/** Undefined where there is no file, or none that we may look at. */
export function factsOf(path: string): FileFacts | undefined {
  try {
    const stat = statSync(path, { bigint: true });
    if (!stat.isFile()) return undefined;
    return {
      key: `${stat.dev}:${stat.ino}`,
      size: Number(stat.size),
      changedMs: Number(stat.mtimeMs),
      bornMs: Number(stat.birthtimeMs),
    };
  } catch {
    // Not there, or in a folder that is not for us: what the next look finds counts.
    return undefined;
  }
}

/** The path without symbolic links: `current` may lead elsewhere after the next release. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Gone since it was looked at.
    return path;
  }
}
