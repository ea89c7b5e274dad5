/**
 * Lines on their way to a hub, in batches, one after the other. The app never waits for it and never notices it: while
 * the hub is away or slow, lines wait in a bounded queue, and the way is tried again with growing pauses. A hub knows a
 * batch by its id, so that one whose answer was lost is not there twice.
 *
 *     idle ──line──▶ gathering ──full, or 250 ms──▶ sending ──taken──▶ idle
 *                                                      └──no answer──▶ waiting ──▶ sending
 */

import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Backoff, judgeHubAnswer } from '@flywatch/core';
import { droppedLine } from '../destinations/dropped-line.ts';
import type { Problems } from '../destinations/problems.ts';
import { atTheEnd } from '../last-words.ts';
import { BATCH_MS, DRAIN_MS, HUB_WAITING_CHARS, REFUSED_RETRY_MS, RETRY_BASE_MS, RETRY_CAP_MS } from '../limits.ts';
import { type Batch, BatchQueue } from './batch-queue.ts';
import { createHubPost, type HubPost } from './hub-post.ts';

export interface HubOptions {
  /** Address of the hub: `https://logs.example.org`. */
  readonly url: string;
  /** A token that may write: the hub's `INGEST_TOKEN`, or `AUTH_TOKEN`. */
  readonly token?: string | undefined;
  /** What every line belongs to; see `labelsFromFly` for apps on Fly. */
  readonly app?: string | undefined;
  readonly instance?: string | undefined;
  readonly region?: string | undefined;
  readonly host?: string | undefined;
  /**
   * Characters of lines that may wait for a hub that is away. The oldest go first. At least 1048576.
   * @defaultValue 8388608
   */
  readonly maxWaitingChars?: number | undefined;
}

const pack = promisify<Uint8Array | string, { level: number }, Buffer>(gzip);

/** Fast: a batch is packed within a millisecond, and is a tenth already. */
const PACKING = { level: 1 };

export class HubSender {
  readonly #queue: BatchQueue;
  readonly #post: HubPost;
  readonly #host: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #problems: Problems;
  readonly #backoff = new Backoff({ baseMs: RETRY_BASE_MS, capMs: RETRY_CAP_MS });
  readonly #forget: () => void;
  #state: 'idle' | 'gathering' | 'sending' | 'waiting' | 'closed' = 'idle';
  #timer: NodeJS.Timeout | undefined;
  #isFailing = false;
  /** Whether the end of the process has waited for these lines already, in vain. */
  #hasGivenUp = false;
  readonly #idle = new Set<() => void>();

  constructor(options: HubOptions, problems: Problems) {
    const url = ingestUrl(options);
    this.#post = createHubPost(url);
    this.#host = url.host;
    this.#problems = problems;
    this.#headers = {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    };
    const notice = (lines: number) => droppedLine(lines, 'the hub was away for longer than they could wait');
    const maxChars = options.maxWaitingChars ?? HUB_WAITING_CHARS;
    this.#queue = new BatchQueue({ run: `logger-${randomUUID()}`, maxChars, notice });
    this.#forget = atTheEnd({ drain: () => this.#drain(), end: () => this.#tellRest() });
  }

  /** @param line - with its line break. */
  write(line: string): void {
    if (this.#state === 'closed') return;
    this.#hasGivenUp = false;
    const dropped = this.#queue.linesDropped;
    this.#queue.push(line);
    if (this.#queue.linesDropped > dropped) this.#tellDropped();
    if (this.#state === 'idle') {
      this.#state = 'gathering';
      this.#after(BATCH_MS);
    } else if (this.#state === 'gathering' && this.#queue.isFull) this.#send();
  }

  /** Resolves when all that was written has been taken, or after a second: a hub that is away must hold nobody up. */
  async flush(): Promise<void> {
    if (this.#queue.isEmpty || this.#state === 'closed') return;
    if (this.#state === 'gathering' || this.#state === 'waiting') this.#send();
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#idle.delete(done);
        resolve();
      };
      // Not unref'd: it is what keeps a process that ends for that second.
      const timer = setTimeout(done, DRAIN_MS);
      this.#idle.add(done);
    });
  }

  async close(): Promise<void> {
    await this.flush();
    this.#forget();
    this.#tellRest();
    this.#state = 'closed';
    clearTimeout(this.#timer);
    this.#post.close();
  }

  #drain(): Promise<void> | undefined {
    if (this.#queue.isEmpty || this.#hasGivenUp) return undefined;
    this.#hasGivenUp = true;
    return this.flush();
  }

  #after(ms: number): void {
    this.#timer = setTimeout(() => this.#send(), ms);
    this.#timer.unref();
  }

  #send(): void {
    clearTimeout(this.#timer);
    const batch = this.#queue.take();
    if (batch === undefined) {
      this.#state = 'idle';
      for (const done of [...this.#idle]) done();
      return;
    }
    this.#state = 'sending';
    void this.#sendBatch(batch).then((waitMs) => {
      if (this.#state === 'closed') return;
      if (waitMs === 0 && (this.#queue.isFull || this.#idle.size > 0)) this.#send();
      else if (waitMs === 0 && this.#queue.isEmpty) this.#send();
      else {
        this.#state = waitMs === 0 ? 'gathering' : 'waiting';
        this.#after(waitMs === 0 ? BATCH_MS : waitMs);
      }
    });
  }

  /** Sends once and settles the batch where the answer is final; how long to wait before the next try. */
  async #sendBatch(batch: Batch): Promise<number> {
    let reason: string;
    try {
      const body = await pack(batch.text, PACKING);
      const answer = await this.#post.post({ ...this.#headers, 'batch-id': batch.id }, body);
      const { status } = answer;
      const verdict = judgeHubAnswer(answer, Date.now());
      switch (verdict.kind) {
        case 'taken':
          this.#queue.settle(batch, true);
          this.#mended();
          return 0;
        case 'too_large':
          this.#queue.split(batch);
          return 0;
        case 'refused':
          this.#queue.settle(batch, false);
          this.#problems.tell(
            'refused',
            `the hub at ${this.#host} refuses ${batch.lines} lines (${status}: ${verdict.said})`,
          );
          return 0;
        case 'token':
          this.#trouble(`does not let this token write (${status}: ${verdict.said}); set another one`);
          return this.#backoff.nextDelayMs(REFUSED_RETRY_MS);
        case 'later':
          this.#trouble(`cannot take lines now (${status}: ${verdict.said}); tried again`);
          return this.#backoff.nextDelayMs(verdict.askedMs) + 1;
      }
    } catch (error) {
      // An error of several addresses has no message of its own.
      const { message, code } = error as NodeJS.ErrnoException;
      reason = message || (code ?? 'no answer');
    }
    this.#trouble(`cannot be reached: ${reason}; tried again`);
    return this.#backoff.nextDelayMs() + 1;
  }

  #trouble(what: string): void {
    this.#isFailing = true;
    this.#problems.tell('hub', `the hub at ${this.#host} ${what}`);
  }

  #mended(): void {
    this.#backoff.reset();
    if (!this.#isFailing) return;
    this.#isFailing = false;
    this.#problems.over('hub');
    this.#problems.tell('mended', `the hub at ${this.#host} takes lines again`);
  }

  #tellDropped(): void {
    const lines = this.#queue.linesDropped;
    this.#problems.tell('dropped', `lines for the hub at ${this.#host} are dropped, the oldest first; ${lines} so far`);
  }

  #tellRest(): void {
    const { linesWaiting } = this.#queue;
    if (linesWaiting > 0) this.#problems.tell('rest', `${linesWaiting} lines did not reach the hub at ${this.#host}`);
  }
}

const LABELS = ['app', 'instance', 'region', 'host'] as const;

function ingestUrl(options: HubOptions): URL {
  const url = new URL(options.url);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/ingest/logs`;
  url.search = '';
  url.searchParams.set('provider', 'logger');
  for (const label of LABELS) {
    const value = options[label];
    if (value !== undefined && value !== '') url.searchParams.set(label, value);
  }
  return url;
}
