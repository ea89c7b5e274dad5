import { expect, test } from 'vitest';
import { outputOf } from './program.ts';

const env = { PATH: process.env.PATH ?? '' };

test('what a program printed is whole or undefined, also where its end and its deadline are seen in one turn', async () => {
  const output = outputOf('sh', ['-c', 'echo all of it'], { timeoutMs: 50, env });
  // It has ended long before this process looks up again, and so has its time.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
  expect(['all of it\n', undefined]).toContain(await output);
});

test('a program that does not end is ended, and has no output', async () => {
  expect(await outputOf('sh', ['-c', 'echo begun; exec sleep 60'], { timeoutMs: 200, env })).toBeUndefined();
});
