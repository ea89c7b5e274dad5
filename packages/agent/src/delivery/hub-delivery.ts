/**
 * The way to a hub: posts over one kept connection, tried again until there is an answer that will not change. Log lines,
 * figures and checks go through here alike. What is sent under the same `Batch-Id` again is taken once.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff, type HubAnswer, type HubVerdict, judgeHubAnswer } from '@flywatch/core';
import { createConnection } from '#runtime/request';
import type { RowOutcome, RowsToSend } from '../rows/row-sink.ts';
import type { LogBatch, LogOutcome } from '../tail/log-sink.ts';
import { SECTIONS_TYPE } from '../tail/section.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';
import { REFUSED_RETRY_MS, RETRY_BASE_MS, RETRY_MAX_MS } from './limits.ts';
import { pack } from './pack.ts';
import type { Connection } from './request.ts';
import { Way } from './way.ts';

export interface HubDeliverySettings {
  /** Address of the hub, `http://` or `https://`. */
  readonly url: string;
  /** A token that may write; none where the hub asks for none. */
  readonly token?: string | undefined;
  /** Certificates to trust in place of those that the runtime brings, in PEM. */
  readonly ca?: string | undefined;
}

export interface HubDeliveryOptions {
  readonly settings: HubDeliverySettings;
  /** Told when the way to the hub breaks, and when it is mended. */
  readonly warn: (message: string) => void;
  /** @defaultValue Date.now */
  readonly now?: () => number;
}

/** What may be posted: a body of any kind for a route of the hub. */
export interface Post {
  /** With its parameters: `/ingest/metrics`. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** The same for the same body, and for no other. */
  readonly batchId?: string | undefined;
}

/** An answer that would be the same the next time. */
export type PostOutcome = Extract<HubVerdict, { readonly kind: 'taken' | 'too_large' | 'refused' }>;

export class HubDelivery implements Delivery {
  readonly #options: HubDeliveryOptions;
  readonly #now: () => number;
  readonly #connection: Connection;
  readonly #host: string;
  readonly #way: Way;
  #lastAnswerMs: number | undefined;
  #counters = { posts: 0, retries: 0, bytes: 0 };

  constructor(options: HubDeliveryOptions) {
    const { settings, now = Date.now } = options;
    const url = parseUrl(settings.url);
    this.#options = options;
    this.#now = now;
    this.#way = new Way({ warn: options.warn, now });
    this.#host = url.host;
    this.#connection = createConnection(url, settings.ca);
  }

  get status(): DeliveryStatus {
    const { posts, retries, bytes } = this.#counters;
    return {
      state: this.#way.state,
      detail: this.#way.detail,
      lastAnswerMs: this.#lastAnswerMs,
      posts,
      retries,
      bytesSent: bytes,
      // A hub takes every line that it takes the batch of.
      linesRefused: 0,
    };
  }

  /** Posts, and tries again while the hub is away. Rejects when the signal says so, and not otherwise. */
  async post({ path, contentType, body, batchId }: Post, signal: AbortSignal): Promise<PostOutcome> {
    const { token } = this.#options.settings;
    const packed = await pack(body);
    const headers: Record<string, string> = { 'content-type': contentType };
    if (packed.encoding !== undefined) headers['content-encoding'] = packed.encoding;
    if (token !== undefined && token !== '') headers.authorization = `Bearer ${token}`;
    if (batchId !== undefined) headers['batch-id'] = batchId;
    const backoff = new Backoff({ baseMs: RETRY_BASE_MS, capMs: RETRY_MAX_MS });
    this.#counters.posts++;
    for (let isFirst = true; ; isFirst = false) {
      signal.throwIfAborted();
      let answer: HubAnswer | Error;
      try {
        answer = await this.#connection.post(path, headers, packed.bytes, signal);
        this.#counters.bytes += packed.bytes.length;
      } catch (error) {
        signal.throwIfAborted();
        // A kept connection that the other side has closed by now: the next one is a new one.
        if (isFirst && (error as NodeJS.ErrnoException).code === 'ECONNRESET' && this.#way.state === 'connected')
          continue;
        answer = error as Error;
      }
      const outcome = this.#judge(answer);
      if (typeof outcome !== 'number') return outcome;
      this.#counters.retries++;
      await sleep(backoff.nextDelayMs(outcome), undefined, { signal });
    }
  }

  async send({ id, body }: LogBatch, signal: AbortSignal): Promise<LogOutcome> {
    const path = '/ingest/logs?provider=agent';
    return (await this.post({ path, contentType: SECTIONS_TYPE, body, batchId: id }, signal)).kind;
  }

  async sendRows({ kind, id, rows }: RowsToSend, signal: AbortSignal): Promise<RowOutcome> {
    const body = Buffer.from(`[${rows.join(',')}]`);
    const post = { path: `/ingest/${kind}`, contentType: 'application/json', body, batchId: id };
    return (await this.post(post, signal)).kind === 'taken' ? 'taken' : 'refused';
  }

  close(): void {
    this.#connection.close();
  }

  /** What an answer means; a number where the same post may fare better later: the milliseconds to wait at least. */
  #judge(answer: HubAnswer | Error): PostOutcome | number {
    const hub = `the hub at ${this.#host}`;
    if (answer instanceof Error) {
      this.#way.trouble('away', `${hub} cannot be reached: ${reasonOf(answer)}; tried again`);
      return 0;
    }
    const { status } = answer;
    this.#lastAnswerMs = this.#now();
    const verdict = judgeHubAnswer(answer, this.#lastAnswerMs);
    switch (verdict.kind) {
      case 'taken':
        this.#way.mended(`${hub} takes what is sent again`);
        return verdict;
      case 'token': {
        const cause = status === 401 ? 'does not know the token' : 'does not let this token write';
        this.#way.trouble('refused', `${hub} ${cause} (${status}): ${verdict.said}; set another one`);
        return REFUSED_RETRY_MS;
      }
      case 'later':
        this.#way.trouble('away', `${hub} cannot take anything now (${status}): ${verdict.said}; tried again`);
        return verdict.askedMs;
      case 'refused':
        this.#way.trouble('refused', `${hub} refuses what is sent (${status}): ${verdict.said}`);
        return verdict;
      case 'too_large':
        return verdict;
    }
  }
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new RangeError(`the address of the hub is ${JSON.stringify(text)}; expected http://… or https://…`);
  }
  return url;
}

/** An error of several addresses has no message of its own. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return error.message === '' ? (code ?? error.name) : error.message;
}
