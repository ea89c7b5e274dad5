/**
 * Fly's HTTP log API (facts, 5.7), one app at a time: it has no form for an organization.
 *
 *   GET {baseUrl}/api/v1/apps/{app}/logs?next_token={ns}
 *
 * `next_token` is a point in time, in nanoseconds. Whether lines of that very nanosecond come once more or are left out is
 * not documented, so that every page is asked for from a nanosecond before the end of the last one, and what that page
 * had already is left out by comparing whole elements. Nothing is lost or repeated either way.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { Backoff } from '@flywatch/core';
import { authorizationHeaders, tokenComplaint } from '../fly/token.ts';
import { readAnswer } from './answer.ts';
import { FlyLogApiError } from './fly-log-api-error.ts';
import type { FlyLogLine } from './fly-log-line.ts';
import { type FlyLogPage, parsePage } from './fly-log-page.ts';
import type { Window } from './window.ts';

export interface FlyLogApiOptions {
  /** `https://api.fly.io`, or what stands in for it. */
  readonly baseUrl: string;
  readonly token: string;
  readonly bounds: FlyLogApiBounds;
}

export interface FlyLogApiBounds {
  readonly requestTimeoutMs: number;
  readonly maxAnswerBytes: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Longest wait that a `Retry-After` is granted. */
  readonly retryAfterMaxMs: number;
  /** Errors in a row after which it is given up. */
  readonly maxErrors: number;
}

/** Why a request brought no page, and how long the API asked to be left alone. */
interface Failure {
  readonly failed: string;
  readonly retryAfterMs: number;
}

/** Names that Fly gives, with room for what it may come to give. What is none must not reach a path. */
const APP_NAME = /^[a-z0-9][a-z0-9_-]*$/i;

/** What a header may hold. */
const PRINTABLE = /^[\x20-\x7e]+$/;

export class FlyLogApi {
  readonly #options: FlyLogApiOptions;
  #headers: readonly string[];
  readonly counters = { requests: 0, errors: 0, malformed: 0 };

  constructor(options: FlyLogApiOptions) {
    this.#options = options;
    this.#headers = authorizationHeaders(options.token);
  }

  /**
   * The lines of an app in a window, page by page, oldest first. Throws a {@link FlyLogApiError} when the API refuses or
   * after too many errors in a row, and what `signal` was aborted with.
   */
  async *pages(app: string, window: Window, signal: AbortSignal): AsyncGenerator<readonly FlyLogLine[], void> {
    if (!APP_NAME.test(app)) {
      throw new FlyLogApiError('unknown_app', `${JSON.stringify(app)} cannot be the name of an app on Fly`);
    }
    const endNs = nanoseconds(window.toMs);
    let startNs = nanoseconds(window.fromMs) - 1n;
    let before: ReadonlySet<string> = new Set();
    for (;;) {
      const { lines, malformed, nextNs } = await this.#page(app, startNs, signal);
      this.counters.malformed += malformed;
      const fresh = lines.filter((line) => !before.has(line.identity));
      const wanted = fresh.filter(({ time }) => time.ms >= window.fromMs && time.ms < window.toMs);
      if (wanted.length > 0) yield wanted;
      if (fresh.length === 0 && malformed === 0) return;
      const next = nextNs ?? newestOf(lines);
      // The second: a place that does not move would be asked for without end.
      if (next === undefined || next >= endNs || next - 1n <= startNs) return;
      before = new Set(lines.map((line) => line.identity));
      startNs = next - 1n;
    }
  }

  /** One page, tried again until it comes or is given up. */
  async #page(app: string, startNs: bigint, signal: AbortSignal): Promise<FlyLogPage> {
    const { baseUrl, bounds } = this.#options;
    const url = `${baseUrl.replace(/\/+$/, '')}/api/v1/apps/${app}/logs?next_token=${startNs}`;
    const backoff = new Backoff({ baseMs: bounds.retryBaseMs, capMs: bounds.retryMaxMs });
    for (;;) {
      const outcome = await this.#ask(app, url, signal);
      if (!('failed' in outcome)) return outcome;
      this.counters.errors++;
      const delayMs = backoff.nextDelayMs(Math.min(outcome.retryAfterMs, bounds.retryAfterMaxMs));
      if (backoff.failures >= bounds.maxErrors) {
        const what = `Fly's log API brings nothing for ${app}, ${bounds.maxErrors} times in a row: ${outcome.failed}`;
        throw new FlyLogApiError('unavailable', what);
      }
      await pause(delayMs, undefined, { signal, ref: false });
    }
  }

  /** One request, with the token's other spelling at once when the first is refused. */
  async #ask(app: string, url: string, signal: AbortSignal): Promise<FlyLogPage | Failure> {
    for (const authorization of this.#headers) {
      if (!PRINTABLE.test(authorization)) throw this.#refusal(app, 'it holds characters that no header may have');
      this.counters.requests++;
      const answer = await readAnswer(url, authorization, this.#options.bounds, signal);
      if ('failed' in answer) return { ...answer, retryAfterMs: 0 };
      if (answer.status === 401) continue;
      // Remembered, so that the spelling that works is tried first.
      if (authorization !== this.#headers[0]) this.#headers = [...this.#headers].reverse();
      if (answer.status === 403) throw this.#refusal(app, 'status 403');
      if (answer.status === 404) {
        throw new FlyLogApiError('unknown_app', `Fly's log API knows no app ${app}, or the token may not see it (404)`);
      }
      if (answer.status !== 200) return { failed: `status ${answer.status}`, retryAfterMs: answer.retryAfterMs };
      const page = parsePage(answer.text);
      if (page !== undefined) return page;
      this.counters.malformed++;
      return { failed: 'an answer that is no page of lines', retryAfterMs: 0 };
    }
    throw this.#refusal(app, 'status 401, with FlyV1 and with Bearer');
  }

  #refusal(app: string, why: string): FlyLogApiError {
    this.counters.errors++;
    const advice =
      tokenComplaint(this.#options.token) ?? 'check ACCESS_TOKEN ("fly tokens create readonly ORG" makes one)';
    return new FlyLogApiError('refused', `Fly's log API refuses the token for ${app} (${why}): ${advice}`);
  }
}

function nanoseconds(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}

/** Where to go on when the API does not say. */
function newestOf(lines: readonly FlyLogLine[]): bigint | undefined {
  const time = lines.at(-1)?.time;
  return time === undefined ? undefined : nanoseconds(time.ms) + BigInt(time.nanos);
}
