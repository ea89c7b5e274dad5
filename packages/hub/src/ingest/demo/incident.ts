/**
 * The incident, always the same story with other figures: the backup machine's host dies, so the database cannot send
 * its WAL away; it piles up until the disk is full; on the way there queries crawl and the API's pool runs dry, and in
 * the end Postgres stops. The API fails, the workers keep what they cannot deliver and run out of memory. Then a
 * backup machine comes up on another host, the database's volume is extended, and everybody catches up.
 */

import { API, BACKUPS, DB_PRIMARY, DB_REPLICA, type Instance, WORKERS } from './cast.ts';
import { APP, PROXY_ERROR } from './envelope.ts';
import { logcore, logfmt, postgres } from './formats.ts';
import { boot, killForMemory, reportHealth } from './machines.ts';
import type { Random } from './random.ts';
import type { Phase } from './shop.ts';
import type { Stage } from './stage.ts';

/** Story seconds from the first sign to the last. */
export const INCIDENT_SECONDS = 210;

type Act = (stage: Stage) => void;

const TIMELINE: readonly (readonly [atSeconds: number, act: Act])[] = [
  [0, loseBackup],
  [4, turn('archiving')],
  [5, failToArchive],
  [6, fillDisk],
  [
    9,
    (stage) =>
      stage.report(
        PROXY_ERROR,
        stage.shop.backup,
        '[PM05] failed to connect to machine: gave up after 15 attempts (in 8.4s)',
      ),
  ],
  [60, turn('slow')],
  [92, swell],
  [105, stopDatabase],
  [110, (stage) => reportHealth(stage, DB_PRIMARY, false)],
  [116, (stage) => reportApi(stage, false)],
  [138, (stage) => killForMemory(stage, WORKERS[1], 'python', stage.random.between(478_000, 502_000))],
  [150, replaceBackup],
  [156, (stage) => killForMemory(stage, WORKERS[0], 'python', stage.random.between(478_000, 502_000))],
  [161, startDatabase],
  [168, (stage) => reportHealth(stage, DB_PRIMARY, true)],
  [171, (stage) => reportApi(stage, true)],
  [174, catchUp],
  [INCIDENT_SECONDS, turn('calm')],
];

export function playIncident(stage: Stage): void {
  for (const [atSeconds, act] of TIMELINE) stage.after(atSeconds, () => act(stage));
}

function turn(phase: Phase): Act {
  return ({ shop }) => {
    shop.phase = phase;
  };
}

function loseBackup(stage: Stage): void {
  const { backup } = stage.shop;
  const text = `segment=${stage.shop.nextSegment()} received=${stage.random.between(1, 15)}MB of=16MB err="read /data: input/output error"`;
  stage.report(APP, backup, logfmt('error', 'receiver', 'segment incomplete', text));
  stage.shop.stop(backup);
  reportHealth(stage, backup, false);
  stage.report(
    PROXY_ERROR,
    backup,
    '[PR04] could not find a good candidate within 40 attempts at load balancing',
    3100,
  );
}

/** The other backup machine, on another host, takes over. */
function replaceBackup(stage: Stage): void {
  const { shop } = stage;
  shop.backup = shop.backup === BACKUPS[0] ? BACKUPS[1] : BACKUPS[0];
  boot(stage, shop.backup);
}

function reportApi(stage: Stage, passes: boolean): void {
  for (const api of API) reportHealth(stage, api, passes, stage.random.between(0, 2500));
}

/** Repeats itself until Postgres has stopped. */
function failToArchive(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase !== 'archiving' && shop.phase !== 'slow') return;
  const segment = shop.nextSegment();
  const refused = random.chance(0.5) ? 'Connection refused' : 'Connection timed out';
  stage.sayAtOnce(DB_PRIMARY, [
    `ssh: connect to host shop-backup.internal port 22: ${refused}`,
    postgres('LOG', DB_PRIMARY.pid + 5, 'archive command failed with exit code 255'),
    postgres(
      'DETAIL',
      DB_PRIMARY.pid + 5,
      `The failed archive command was: ship-segment pg_wal/${segment} shop-backup.internal`,
    ),
  ]);
  stage.after(random.between(7, 12), () => failToArchive(stage));
}

/** Free space at the first sign; it goes down in steps until nothing is left when Postgres stops. */
const FREE_MB = 3400;

function fillDisk(stage: Stage, freeMb = FREE_MB): void {
  const { random, shop } = stage;
  if (shop.phase !== 'archiving' && shop.phase !== 'slow') return;
  const usedPercent = (100 * (1 - freeMb / 20_480)).toFixed(1);
  const text = `mount=/data used_percent=${usedPercent} free_mb=${freeMb} pg_wal_mb=${2048 + FREE_MB - freeMb} segments_waiting=${Math.round((FREE_MB - freeMb) / 16)}`;
  const hopeless = freeMb < 700;
  stage.say(DB_PRIMARY, logfmt(hopeless ? 'error' : 'warn', 'guardian', 'WAL piles up, disk is filling', text));
  stage.after(11, () => fillDisk(stage, Math.max(24, freeMb - random.between(330, 390))));
}

/** The workers keep results that they cannot store. */
function swell(stage: Stage, rssMb = 240, workers: readonly Instance[] = WORKERS): void {
  const { random, shop } = stage;
  if (shop.phase !== 'slow' && shop.phase !== 'down') return;
  shop.backlog += random.between(60, 140);
  // One that was killed has let go of everything, and is not among them again.
  const full = workers.filter((worker) => shop.isUp(worker));
  for (const worker of full) {
    const held = `"context": {"rss_mb": ${rssMb + random.between(0, 20)}, "limit_mb": 512, "backlog": ${shop.backlog}}`;
    stage.say(
      worker,
      logcore('WARNING', 'worker.memory', 'results held back, memory is high', held),
      random.between(0, 900),
    );
    if (shop.phase === 'down') stage.say(worker, retry(random, shop.order), random.between(900, 2500));
  }
  stage.after(8, () => swell(stage, Math.min(500, rssMb + random.between(30, 50)), full));
}

function retry(random: Random, order: number) {
  const context = `"context": {"request_id": "${random.requestId()}", "job_id": "inv_${order}", "queue": "invoices", "attempt": ${random.between(2, 5)}}`;
  const exception = `"exception": {"type": "OperationalError", "message": "connection to 10.0.0.5 port 5432 failed: Connection refused", "traceback": "Traceback (most recent call last):\\n  File \\"/srv/worker/jobs/runner.py\\", line 74, in run\\n    job.handler(job.payload)\\n  File \\"/srv/worker/db.py\\", line 33, in connect\\nOperationalError: connection to 10.0.0.5 port 5432 failed: Connection refused"}`;
  return logcore('ERROR', 'worker.invoices', 'job failed, will be tried again', `${context}, ${exception}`);
}

function stopDatabase(stage: Stage): void {
  const { random, shop } = stage;
  const segment = shop.nextSegment();
  const { pid } = DB_PRIMARY;
  shop.phase = 'down';
  shop.stop(DB_PRIMARY);
  stage.sayAtOnce(DB_PRIMARY, [
    postgres('PANIC', pid + 40, `could not write to file "pg_wal/xlogtemp.${pid + 40}": No space left on device`),
    postgres('LOG', pid, `server process (PID ${pid + 40}) was terminated by signal 6: Aborted`),
    postgres('LOG', pid, 'terminating any other active server processes'),
    postgres('LOG', pid, 'all server processes terminated; reinitializing'),
  ]);
  stage.report(APP, DB_PRIMARY, postgres('FATAL', pid, 'could not extend file "pg_wal": No space left on device'), 400);
  stage.report(APP, DB_PRIMARY, postgres('LOG', pid, 'database system is shut down'), 420);
  const lost = `upstream=${DB_PRIMARY.id} last_segment=${segment} retry_s=${random.between(2, 5)}`;
  stage.say(DB_REPLICA, logfmt('error', 'replica', 'replication stream lost', lost), 600);
}

function startDatabase(stage: Stage): void {
  const { random, shop } = stage;
  const pid = DB_PRIMARY.pid + 2;
  const lsn = `3A/${random.hex(8).toUpperCase()}`;
  stage.report(APP, DB_PRIMARY, logfmt('info', 'guardian', 'volume extended', 'mount=/data from_gb=20 to_gb=30'));
  stage.report(
    APP,
    DB_PRIMARY,
    postgres('LOG', pid, 'database system was not properly shut down; automatic recovery in progress'),
    900,
  );
  stage.report(APP, DB_PRIMARY, postgres('LOG', pid, `redo starts at ${lsn}`), 930);
  stage.after(4, () => {
    const took = `CPU: user: 0.81 s, system: 0.22 s, elapsed: ${(2 + random.unit()).toFixed(2)} s`;
    stage.report(APP, DB_PRIMARY, postgres('LOG', pid, `redo done at ${lsn} system usage: ${took}`));
    stage.report(
      APP,
      DB_PRIMARY,
      postgres('LOG', DB_PRIMARY.pid, 'database system is ready to accept connections'),
      300,
    );
    stage.say(DB_REPLICA, logfmt('info', 'replica', 'replication stream is back', `upstream=${DB_PRIMARY.id}`), 900);
    shop.phase = 'recovering';
    shop.resume(DB_PRIMARY);
  });
}

/** Segments go out and jobs go through again until both queues are empty. */
function catchUp(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase !== 'recovering') return;
  const waiting = Math.max(0, shop.backlog - random.between(150, 260));
  shop.backlog = Math.max(3, waiting);
  const text = `segment=${shop.nextSegment()} bytes=16777216 took_ms=${random.between(90, 300)}`;
  stage.say(shop.backup, logfmt('info', 'receiver', 'segment stored', text));
  const worker = shop.pickUp(random, WORKERS);
  if (worker !== undefined) {
    const drained = `"context": {"backlog": ${waiting}, "done": ${random.between(150, 260)}}`;
    stage.say(worker, logcore('INFO', 'worker.main', waiting === 0 ? 'backlog is done' : 'catching up', drained), 300);
  }
  if (waiting > 0) stage.after(5, () => catchUp(stage));
}
