/** What the platform and a machine's init say when the machine starts, stops, or runs out of memory. */

import type { Instance } from './cast.ts';
import { APP, HEALTH, HEALTH_ERROR, PROXY, RUNNER } from './envelope.ts';
import { logcore, logfmt, pino, renderer } from './formats.ts';
import type { Stage, Text } from './stage.ts';

/** How each app is started, where it listens, and what it says then. */
const PROGRAMS: Readonly<Record<string, { command: string; port: number; hello: (speaker: Instance) => Text }>> = {
  'shop-web': {
    command: '/docker-entrypoint.sh nginx-and-renderer',
    port: 8080,
    hello: (web) => renderer('green', web.pid, 'Bootstrap', 'renderer is listening on http://0.0.0.0:8080 (4 workers)'),
  },
  'shop-api': {
    command: 'node --enable-source-maps dist/main.js',
    port: 8080,
    hello: (api) => pino(30, api, 'listening', '"name":"shop-api","address":"0.0.0.0:8080","pool":{"size":20}'),
  },
  'shop-worker': {
    command: 'python -m worker --queues invoices,mail,stock',
    port: 9090,
    hello: () => logcore('INFO', 'worker.main', 'worker ready', '"context": {"queues": ["invoices", "mail", "stock"]}'),
  },
  'shop-backup': {
    command: '/usr/local/bin/receiver --store /data',
    port: 22,
    hello: () => logfmt('info', 'receiver', 'accepting segments', 'listen=:22 store=/data free_gb=118'),
  },
};

/** Story seconds from the start of a machine until its health check passes; see {@link boot}. */
export const BOOT_SECONDS = 6;

/** Init and program end in an orderly way. The shop stops counting on the machine. */
export function shutDown(stage: Stage, instance: Instance): void {
  const { random, shop } = stage;
  shop.stop(instance);
  stage.report(APP, instance, ` INFO Sending signal SIGINT to main child process w/ PID ${instance.pid}`);
  stage.report(APP, instance, ' INFO Main child exited normally with code: 0', random.between(300, 900));
  stage.report(APP, instance, ' INFO Starting clean up.', 902);
  stage.report(APP, instance, kernel(random.between(4e9, 9e11) / 1e6, 'reboot: Restarting system'), 1100);
}

/** A stopped machine comes up; from its passing health check on the shop counts on it again. */
export function boot(stage: Stage, instance: Instance): void {
  const { random, shop } = stage;
  const program = PROGRAMS[instance.app]!;
  stage.report(RUNNER, instance, 'Configuring firecracker');
  stage.after(1, () => {
    stage.report(APP, instance, ' INFO Starting init (commit: 3040ac0)...');
    stage.report(APP, instance, ` INFO Preparing to run: \`${program.command}\` as app`, 90);
    stage.report(APP, instance, ' INFO [fly api proxy] listening at /.fly/api', 96);
    stage.report(RUNNER, instance, `Machine created and started in ${(random.between(14, 39) / 10).toFixed(1)}s`, 240);
  });
  stage.after(3, () => {
    stage.report(APP, instance, program.hello(instance));
    if (program.port === 8080)
      stage.report(PROXY, instance, `machine became reachable in ${random.between(300, 990)}ms`, 60);
  });
  stage.after(BOOT_SECONDS, () => {
    shop.resume(instance);
    reportHealth(stage, instance, true);
  });
}

export function reportHealth(stage: Stage, instance: Instance, passes: boolean, delayMs = 0): void {
  const port = PROGRAMS[instance.app]?.port ?? 5432;
  const check = `Health check 'servicecheck-00-${port === 8080 ? 'http' : 'tcp'}-${port}' on port ${port}`;
  if (passes) stage.report(HEALTH, instance, `${check} is now passing.`, delayMs);
  else {
    const effect = 'Services exposed on ports [80, 443] will have intermittent failures until the health check passes.';
    stage.report(
      HEALTH_ERROR,
      instance,
      `${check} has failed. Your app is not responding properly. ${effect}`,
      delayMs,
    );
  }
}

/** The kernel kills the program for its memory; the platform starts the machine again. */
export function killForMemory(stage: Stage, instance: Instance, program: string, rssKb: number): void {
  const { random, shop } = stage;
  shop.stop(instance);
  const uptime = random.between(4e9, 9e10) / 1e6;
  const total = rssKb * 2 + random.between(4000, 90_000);
  stage.sayAtOnce(instance, [
    kernel(
      uptime,
      `${program} invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0`,
    ),
    kernel(
      uptime + 0.000214,
      `Out of memory: Killed process ${instance.pid} (${program}) total-vm:${total}kB, anon-rss:${rssKb}kB, file-rss:112kB, shmem-rss:0kB, UID:1000`,
    ),
  ]);
  stage.report(APP, instance, " INFO Main child exited with signal (with signal 'SIGKILL', core dumped? false)", 60);
  stage.report(APP, instance, ' INFO Process appears to have been OOM killed!', 61);
  stage.report(APP, instance, ' INFO Starting clean up.', 64);
  stage.report(RUNNER, instance, 'machine exited with exit code 137, restarting', 800);
  stage.after(4, () => boot(stage, instance));
}

/** A line of the kernel, `uptime` seconds after it started. */
function kernel(uptime: number, text: string): string {
  return `[${uptime.toFixed(6).padStart(12)}] ${text}`;
}
