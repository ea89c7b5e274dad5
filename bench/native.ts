// Compiles the two C programs of the bench with the machine's compiler, once per change of their sources.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './child.ts';

const here = import.meta.dirname;
/** The usual place for what can be made again; no git and no package looks into it. */
const cache = join(here, '../node_modules/.cache/flywatch-bench');
const shared = join(here, 'marker.h');

export interface NativePrograms {
  readers: string;
  publisher: string;
}

/** The bench cannot do without a C compiler; the message says what to install. */
export class NoCompilerError extends Error {
  constructor() {
    super(
      'The bench needs a C compiler called `cc` for its readers. On Debian or Ubuntu: apt-get install gcc libc6-dev',
    );
  }
}

function compile(cc: string, source: string, program: string): string {
  const target = join(cache, program);
  const changed = Math.max(statSync(source).mtimeMs, statSync(shared).mtimeMs);
  if (existsSync(target) && statSync(target).mtimeMs > changed) return target;
  mkdirSync(cache, { recursive: true });
  const result = spawnSync(cc, ['-O2', '-Wall', '-Wextra', '-o', target, source], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`cc could not compile ${program}.c:\n${result.stderr}`);
  return target;
}

export function compilePrograms(): NativePrograms {
  const cc = findProgram('cc');
  if (!cc) throw new NoCompilerError();
  return {
    readers: compile(cc, join(here, 'readers/readers.c'), 'readers'),
    publisher: compile(cc, join(here, 'publisher/publisher.c'), 'publisher'),
  };
}
