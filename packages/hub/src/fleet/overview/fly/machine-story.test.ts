import { expect, test } from 'vitest';
import { FlyMachines } from './fly-machines.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 2, 51);
const APP = { app: 'acme-worker', region: 'fra' };

/** Lines as `provider: message`, so many seconds ago. */
type Said = readonly [secondsAgo: number, line: string];

function machinesOf(lines: readonly Said[], instance = '3287ce41c63d85') {
  const machines = new FlyMachines();
  for (const [ago, line] of lines) {
    const [, provider, message] = /^(\w+): (.*)$/.exec(line)!;
    const place = { ...APP, instance, provider, demo: false };
    machines.observe({ ...place, message: message!, timeMs: NOW_MS - ago * 1000 });
  }
  return machines.all(NOW_MS);
}

function storyOf(...lines: readonly Said[]) {
  const { state, text, exitCode, sinceMs } = machinesOf(lines)[0]!.story;
  return [state, text, exitCode, sinceMs === null ? null : (NOW_MS - sinceMs) / 1000];
}

const STARTED = 'runner: Machine created and started in 3.6s';
const CHECK = "health: Health check 'servicecheck-00-http-8080' on port 8080";

/** An end as init, kernel and runner tell of it. */
const killed = (ago: number): Said[] => [
  [ago, 'app: [   92.599774] Out of memory: Killed process 678 (python) total-vm:1124132kB'],
  [ago, "app:  INFO Main child exited with signal (with signal 'SIGKILL', core dumped? false)"],
  [ago - 1, 'app:  INFO Process appears to have been OOM killed!'],
  [ago - 1, 'app:  INFO Starting clean up.'],
  [ago - 2, 'runner: machine exited with exit code 137, restarting'],
];

test('runner, proxy and init tell of one start', () => {
  const lines: Said[] = [
    [64, 'app:  INFO Starting init (commit: 3040ac0)...'],
    [63, STARTED],
    [60, 'proxy: machine became reachable in 679.673085ms'],
    [20, 'app: GET /jobs 200'],
  ];
  expect(storyOf(...lines)).toEqual(['started', 'Started', null, 64]);
});

test('killed for memory, whatever the order in which it is told', () => {
  const told = storyOf([900, STARTED], ...killed(100));
  expect(told).toEqual(['killed', 'Killed for memory, exit 137', 137, 100]);
  expect(storyOf(...killed(100).toReversed(), [900, STARTED])).toEqual(told);
});

test('a machine that starts again and again', () => {
  const lines = [800, 500, 200].flatMap((ago): Said[] => [[ago, STARTED], ...killed(ago - 50)]);
  expect(storyOf(...lines, [120, STARTED])).toEqual(['started', 'Started, fourth time in 15 min', null, 120]);
  expect(machinesOf(lines)[0]!.story.kills).toHaveLength(3);
});

test.each([
  ['app:  INFO Main child exited normally with code: 0', 'stopped', 'Stopped, exit 0'],
  ['runner: machine exited with exit code 1, restarting', 'crashed', 'Crashed, exit 1'],
  ["app: Main child exited with signal (with signal 'SIGSEGV', core dumped? true)", 'crashed', 'Crashed, exit 139'],
])('an end by %s is %s', (line, state, text) => {
  expect(storyOf([600, STARTED], [100, line]).slice(0, 2)).toEqual([state, text]);
});

test('who was told to stop has not crashed', () => {
  const end: Said = [98, 'runner: machine exited with exit code 130, not restarting'];
  const signal: Said = [100, 'app:  INFO Sending signal SIGINT to main child process w/ PID 637'];
  expect(storyOf([600, STARTED], signal, end)).toEqual(['stopped', 'Stopped, exit 130', 130, 98]);
  const unneeded: Said = [101, 'proxy: App acme-worker has excess capacity, autostopping machine 3287ce41c63d85.'];
  expect(storyOf([600, STARTED], unneeded, signal, end)[1]).toBe('Stopped by Fly, not needed, exit 130');
  // The next time nobody has told it.
  expect(
    storyOf([600, STARTED], signal, end, [90, STARTED], [10, 'runner: machine exited with exit code 1, restarting'])[0],
  ).toBe('crashed');
});

test('Fly gives up after ten restarts', () => {
  const lines: Said[] = [
    [60, 'runner: machine exited with exit code 1, restarting'],
    [59, 'runner: machine has reached its max restart count of 10'],
  ];
  expect(storyOf(...lines).slice(0, 2)).toEqual(['crashed', 'Crashed, exit 1: Fly gave up after 10 restarts']);
});

test('health checks fail and pass; an end and a start forget them', () => {
  const failed: Said = [100, `${CHECK} has failed. Your app is not responding properly.`];
  const text = 'Health check servicecheck-00-http-8080 on port 8080 fails';
  expect(storyOf([600, STARTED], failed, [50, failed[1]])).toEqual(['failing', text, null, 100]);
  expect(storyOf(failed)).toEqual(['failing', text, null, 100]);
  expect(storyOf([600, STARTED], failed, [40, `${CHECK} is now passing.`])[0]).toBe('started');
  expect(storyOf([600, STARTED], failed, [40, STARTED])[0]).toBe('started');
  expect(storyOf([600, STARTED], failed, ...killed(40))[0]).toBe('killed');
});

test('what an app prints shows that its machine runs, but for the last words after an end', () => {
  expect(storyOf([500, 'app: hello'])).toEqual(['started', 'Running', null, null]);
  expect(storyOf([600, STARTED], ...killed(400), [395, 'app: [ 99.1] reboot: Restarting system'])[0]).toBe('killed');
  expect(storyOf([600, STARTED], ...killed(400), [300, 'app: GET /jobs 200'])).toEqual([
    'started',
    'Running',
    null,
    null,
  ]);
});

test('lines of agents, of builders, and of what has no machine’s id are nobody’s', () => {
  const machines = new FlyMachines();
  const line = { ...APP, instance: '3287ce41c63d85', provider: 'app', message: 'x', timeMs: NOW_MS, demo: false };
  machines.observe({ ...line, provider: 'agent' });
  machines.observe({ ...line, app: 'fly-builder-quiet-harbour-4711' });
  machines.observe({ ...line, instance: 'worker-1' });
  machines.observe({ ...line, instance: undefined });
  machines.observe({ ...line, app: undefined });
  machines.observe({ ...line, region: undefined });
  expect(machines.all(NOW_MS)).toEqual([]);
});

test('machines are bounded, those silent for longest go first, and a week of silence ends the memory of one', () => {
  const machines = new FlyMachines();
  const idOf = (i: number) => i.toString(16).padStart(14, '0');
  for (let i = 0; i < 5001; i++) {
    machines.observe({ ...APP, instance: idOf(i), provider: 'app', message: 'x', timeMs: NOW_MS + i, demo: false });
  }
  const known = machines.all(NOW_MS).map(({ id }) => id);
  expect([known.length, known.includes(idOf(0)), known.includes(idOf(5000)), machines.forgotten]).toEqual([
    4501,
    false,
    true,
    500,
  ]);
  expect(machines.all(NOW_MS + 8 * 86_400_000)).toEqual([]);
});

test('the demo’s machines go with the demo', () => {
  const machines = new FlyMachines();
  const line = { ...APP, provider: 'app', message: 'x', timeMs: NOW_MS };
  machines.observe({ ...line, instance: '3287ce41c63d85', demo: true });
  machines.observe({ ...line, instance: '6e82d4e6a37548', demo: false });
  machines.forgetDemo();
  expect(machines.all(NOW_MS).map(({ id }) => id)).toEqual(['6e82d4e6a37548']);
});
