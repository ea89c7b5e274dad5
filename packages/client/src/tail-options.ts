/** What can be said to a tail, its defaults, and the check of it. */

import { parseEventId } from '@flywatch/core';
import type { ConnectionOptions } from './connection.ts';
import type { LogFilters } from './filters.ts';
import { DEFAULT_MAX_BLOCK_CHARS } from './sse-parser.ts';
import { systemTimers, type Timers } from './timers.ts';

/** A tail of a hub that is given by a client: {@link HubClient.tail}. */
export interface HubTailOptions extends LogFilters {
  /** Begin with the last so many events, 0 to 10,000. Asked for until the stream has a cursor, never on a resume. */
  readonly tail?: number | undefined;
  /** Begin at this time: RFC 3339, or a duration ago such as `15m`. As `tail`, never on a resume. */
  readonly since?: string | undefined;
  /** Begin after this event id: a resume over the end of a program. Not together with `tail` or `since`. */
  readonly after?: string | undefined;
  /** Ask for the payloads as they came, too. @defaultValue false */
  readonly raw?: boolean | undefined;
  /** Ends the tail: the socket is closed at once, and the iteration ends without an error. */
  readonly signal?: AbortSignal | undefined;

  /** Try the first connection again and again, as all later ones, rather than throw. @defaultValue false */
  readonly retryFirst?: boolean | undefined;
  /** How long the first connection may take, in milliseconds. @defaultValue connectTimeoutMs */
  readonly firstConnectTimeoutMs?: number | undefined;
  /** How long any connection may take until the hub's answer begins, in milliseconds. @defaultValue 15000 */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Connect again when not one byte came for so long, in milliseconds; only time spent waiting for the hub counts.
   * @defaultValue 45000: three of the hub's pings
   */
  readonly silenceTimeoutMs?: number | undefined;
  /** Ceiling of the first wait before a new connection, in milliseconds. @defaultValue 250 */
  readonly backoffBaseMs?: number | undefined;
  /** Greatest ceiling of a wait, in milliseconds. @defaultValue 30000 */
  readonly backoffCapMs?: number | undefined;
  /** Largest event that is taken, in characters of its JSON; a larger one becomes a gap. @defaultValue 8 Mi */
  readonly maxEventChars?: number | undefined;

  /** For tests. @defaultValue the platform's clock and timers */
  readonly timers?: Timers | undefined;
  /** For tests. @defaultValue Math.random */
  readonly random?: (() => number) | undefined;
}

export interface TailOptions extends HubTailOptions, ConnectionOptions {}

/** A hub answers a stream at once, before it looks for anything; the time is for the network and a hub that starts. */
const CONNECT_TIMEOUT_MS = 15_000;

/** The hub pings every 15 s or less. One may be late and one may be lost. */
const SILENCE_TIMEOUT_MS = 45_000;

/** As many as the hub gives. */
const MAX_TAIL = 10_000;

/** `setTimeout` takes no more than this, and fires at once for a greater delay. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Options inside: every one present and right. */
export interface TailSettings {
  readonly filters: LogFilters;
  readonly tail: number | undefined;
  readonly since: string | undefined;
  readonly after: string | undefined;
  readonly raw: boolean;
  readonly signal: AbortSignal;
  readonly retryFirst: boolean;
  readonly firstConnectTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly silenceTimeoutMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly maxEventChars: number;
  readonly timers: Timers;
  readonly random: () => number;
}

/** The settings, or a TypeError that lists everything that is wrong with the options. */
export function normalizeTailOptions(options: HubTailOptions): TailSettings {
  const { level, app, instance, region, provider, source, host, q } = options;
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const settings: TailSettings = {
    filters: { level, app, instance, region, provider, source, host, q },
    tail: options.tail,
    since: options.since === '' ? undefined : options.since,
    after: options.after,
    raw: options.raw ?? false,
    signal: options.signal ?? new AbortController().signal,
    retryFirst: options.retryFirst ?? false,
    firstConnectTimeoutMs: options.firstConnectTimeoutMs ?? connectTimeoutMs,
    connectTimeoutMs,
    silenceTimeoutMs: options.silenceTimeoutMs ?? SILENCE_TIMEOUT_MS,
    backoffBaseMs: options.backoffBaseMs ?? 250,
    backoffCapMs: options.backoffCapMs ?? Math.max(30_000, options.backoffBaseMs ?? 0),
    maxEventChars: options.maxEventChars ?? DEFAULT_MAX_BLOCK_CHARS,
    timers: options.timers ?? systemTimers,
    random: options.random ?? Math.random,
  };
  const mistakes: string[] = [];
  const { tail, after } = settings;
  if (tail !== undefined && !(Number.isInteger(tail) && tail >= 0 && tail <= MAX_TAIL)) {
    mistakes.push(`tail: expected a whole number from 0 to ${MAX_TAIL}, not ${tail}`);
  }
  if (after !== undefined && parseEventId(after) === undefined) {
    mistakes.push(`after: expected the id of an event, such as 00kq3v0x9f2-h7c2d, not ${JSON.stringify(after)}`);
  }
  if (after !== undefined && (tail !== undefined || settings.since !== undefined)) {
    mistakes.push('after: says where to begin, and so do tail and since; give one of them');
  }
  for (const name of [
    'firstConnectTimeoutMs',
    'connectTimeoutMs',
    'silenceTimeoutMs',
    'backoffBaseMs',
    'backoffCapMs',
  ] as const) {
    const value = settings[name];
    if (!(value > 0 && value <= MAX_TIMER_MS)) {
      mistakes.push(`${name}: expected milliseconds from 1 to ${MAX_TIMER_MS}, not ${value}`);
    }
  }
  if (settings.backoffCapMs < settings.backoffBaseMs) {
    mistakes.push(`backoffCapMs: ${settings.backoffCapMs} is less than backoffBaseMs, ${settings.backoffBaseMs}`);
  }
  if (!(Number.isInteger(settings.maxEventChars) && settings.maxEventChars > 0)) {
    mistakes.push(`maxEventChars: expected a whole number above 0, not ${settings.maxEventChars}`);
  }
  if (mistakes.length > 0) throw new TypeError(mistakes.join('\n'));
  return Object.freeze(settings);
}
