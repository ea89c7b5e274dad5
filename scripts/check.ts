/**
 * `npm run check`: everything that can be said about the project without running it. Each step is an npm script of its
 * own, so that one can be run alone; what a step prints is shown only where it fails.
 */

import { spawnSync } from 'node:child_process';

const STEPS: readonly { readonly name: string; readonly script: string; readonly what: string }[] = [
  { name: 'types', script: 'check:types', what: 'the compiler, each program with the libraries that it may use' },
  { name: 'lint', script: 'check:lint', what: 'format and lint' },
  { name: 'walls', script: 'check:walls', what: 'who may import whom' },
  { name: 'unused', script: 'check:unused', what: 'files, exports and dependencies that nobody uses' },
  { name: 'files', script: 'check:files', what: 'machine paths, registry addresses' },
  { name: 'docs', script: 'check:docs', what: 'the documents against the code' },
];

let failed = 0;
const rows: string[] = [];
for (const { name, script, what } of STEPS) {
  const startedAt = performance.now();
  const { status, stdout, stderr, error } = spawnSync('npm', ['run', '--silent', script], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const ok = status === 0;
  if (!ok) {
    failed++;
    process.stdout.write(`\n${name}: npm run ${script}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
  rows.push(`${ok ? 'ok    ' : 'FAILED'} ${name.padEnd(7)} ${seconds} s  ${what}`);
}
process.stdout.write(`${rows.join('\n')}\n`);
if (failed > 0) {
  process.stdout.write(`${failed} of ${STEPS.length} failed\n`);
  process.exitCode = 1;
}
