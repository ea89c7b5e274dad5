/**
 * Asks a hub for its health ten times a second, from a thread of its own, so that a busy generator of cases is not taken
 * for a stalled hub.
 */

import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface WatchdogReport {
  readonly asked: number;
  readonly slowestMs: number;
  /** Answers that took longer than the limit, were no 200, or did not come. */
  readonly failures: readonly string[];
}

const INTERVAL_MS = 100;
const MAX_FAILURES = 10;

/** A hub that does not answer within this has a stalled event loop, unless the machine gave its thread less time than that. */
const LIMIT_MS = 1000;

/** One that does not answer within this is stalled by something else than work. */
const HUNG_MS = 15_000;

/** Linux counts the time of threads in hundredths of a second, whatever its own clock is. */
const TICK_MS = 10;

export class Watchdog {
  readonly #worker: Worker;

  constructor(port: number, pid: number) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: { watched: { port, pid } } });
    this.#worker.unref();
  }

  /** What was seen since the last report. */
  report(): Promise<WatchdogReport> {
    return new Promise((resolve) => {
      this.#worker.once('message', resolve);
      this.#worker.postMessage('report');
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

interface Watched {
  readonly port: number;
  readonly pid: number;
}

/** What the first thread of a process, which has the event loop, has used of a CPU; undefined where the system does not say. */
function loopMs(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

function watch({ port, pid }: Watched): void {
  let asked = 0;
  let slowestMs = 0;
  let failures: string[] = [];
  /** When the question that has no answer yet was asked. */
  let askedAt: number | undefined;
  let askedAtLoopMs: number | undefined;
  const isStalled = (waitedMs: number) => {
    const nowMs = loopMs(pid);
    const hadMs = nowMs === undefined || askedAtLoopMs === undefined ? waitedMs : nowMs - askedAtLoopMs;
    return waitedMs > LIMIT_MS && (hadMs > LIMIT_MS || waitedMs > HUNG_MS);
  };
  const fail = (what: string) => {
    if (failures.length < MAX_FAILURES) failures.push(what);
  };
  const ask = () =>
    new Promise<void>((resolve) => {
      const start = performance.now();
      askedAt = start;
      askedAtLoopMs = loopMs(pid);
      const done = () => {
        askedAt = undefined;
        resolve();
      };
      const request = get({ host: '127.0.0.1', port, path: '/health', agent: false, timeout: 30_000 }, (response) => {
        response.resume();
        response.on('error', () => {});
        response.on('close', () => {
          const ms = performance.now() - start;
          slowestMs = Math.max(slowestMs, ms);
          if (response.statusCode !== 200) fail(`/health answered ${response.statusCode}`);
          else if (isStalled(ms)) fail(`/health took ${Math.round(ms)} ms`);
          done();
        });
      });
      request.on('timeout', () => request.destroy(new Error('no answer within 30 s')));
      request.on('error', (error) => {
        fail(`/health: ${error.message}`);
        done();
      });
    });
  const loop = async () => {
    for (;;) {
      asked++;
      await ask();
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
    }
  };
  parentPort!.on('message', () => {
    const waitingMs = askedAt === undefined ? 0 : performance.now() - askedAt;
    slowestMs = Math.max(slowestMs, waitingMs);
    if (isStalled(waitingMs)) fail(`/health has not answered for ${Math.round(waitingMs)} ms`);
    parentPort!.postMessage({ asked, slowestMs, failures } satisfies WatchdogReport);
    asked = 0;
    slowestMs = 0;
    failures = [];
  });
  void loop();
}

if (!isMainThread) {
  const { watched } = (workerData ?? {}) as { watched?: Watched };
  if (watched !== undefined) watch(watched);
}
