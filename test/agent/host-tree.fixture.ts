/** A `/proc` and `/sys` of some other machine, as files. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface HostTree extends Disposable {
  readonly root: string;
  write(files: Readonly<Record<string, string | number>>): void;
}

export function makeHostTree(files: Readonly<Record<string, string | number>>): HostTree {
  const root = mkdtempSync(join(tmpdir(), 'flywatch-host-'));
  const write: HostTree['write'] = (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(root + path), { recursive: true });
      writeFileSync(root + path, `${text}\n`);
    }
  };
  write(files);
  return { root, write, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}
