import { expect, test } from 'vitest';
import { readPlatformLine } from './platform-lines.ts';

/** Texts as they were seen on Fly (facts, 5.5). */
test.each([
  ['runner', 'Machine created and started in 3.643s', { kind: 'started' }],
  ['runner', 'Machine started in 1.493s', { kind: 'started' }],
  ['runner', 'machine exited with exit code 0, not restarting', { kind: 'exited', code: 0 }],
  ['runner', 'machine exited with exit code 137, restarting', { kind: 'exited', code: 137 }],
  ['runner', 'machine has reached its max restart count of 10', { kind: 'given-up', restarts: 10 }],
  ['proxy', 'machine started in 995.344449ms', { kind: 'started' }],
  ['proxy', 'machine became reachable in 679.673085ms', { kind: 'started' }],
  [
    'proxy',
    'App acme-web has excess capacity, autostopping machine 4d891d77b05118. 0 out of 1 machines left running (region=iad, process group=app)',
    { kind: 'told-to-stop', by: 'fly' },
  ],
  [
    'health',
    "Health check 'servicecheck-00-http-8080' on port 8080 has failed. Your app is not responding properly.",
    { kind: 'check-failed', check: 'servicecheck-00-http-8080 on port 8080' },
  ],
  ['health', 'Health check on port 8080 is now passing.', { kind: 'check-passed', check: 'on port 8080' }],
  ['app', ' INFO Starting init (commit: 3040ac0)...', { kind: 'started' }],
  ['app', ' INFO Sending signal SIGINT to main child process w/ PID 637', { kind: 'told-to-stop' }],
  ['app', ' INFO Main child exited normally with code: 137', { kind: 'exited', code: 137 }],
  ['app', "Main child exited with signal (with signal 'SIGKILL', core dumped? false)", { kind: 'exited', code: 137 }],
  ['app', ' INFO Process appears to have been OOM killed!', { kind: 'out-of-memory' }],
  ['app', '[   92.599774] Out of memory: Killed process 678 (python3) total-vm:1124132kB', { kind: 'out-of-memory' }],
] as const)('%s: %s', (provider, message, expected) => {
  expect(readPlatformLine(provider, message)).toMatchObject(expected);
});

test.each([
  ['app', 'Machine started in 1.4s'],
  ['app', 'Main street 5'],
  ['app', '[info] Out of memory: Killed process 1'],
  ['proxy', 'waiting for machine to be reachable on 0.0.0.0:8080 (waited 5.472898707s so far)'],
  ['proxy', '[PM05] failed to connect to machine: gave up after 15 attempts (in 8.488664141s)'],
  ['runner', 'Configuring firecracker'],
  ['billing', 'machine exited with exit code 1, restarting'],
  [undefined, 'Machine started in 1.4s'],
  ['constructor', 'Machine started in 1.4s'],
  ['__proto__', ''],
  ['app', ''],
])('%s says nothing of a machine with: %s', (provider, message) => {
  expect(readPlatformLine(provider, message)).toBeUndefined();
});
