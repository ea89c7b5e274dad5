/**
 * A transport for winston: `createLogger({ transports: [new FlywatchTransport({ name: 'api', hub: { url, token } })]
 * })`. It takes the same options as `getLogger` and writes the same lines. winston asks of a transport that it is a
 * stream of objects with a `log`.
 */

import { Writable } from 'node:stream';
import { type Fields, type Level, parseLevel } from '@flywatch/core';
import { errorOf } from './encoding/error-of.ts';
import { isError } from './encoding/is-error.ts';
import { getLogger } from './get-logger.ts';
import type { Logger } from './logger.ts';
import type { LoggerOptions } from './options.ts';

export interface FlywatchTransportOptions extends Omit<LoggerOptions, 'level'> {
  /** Name of the logger. */
  readonly name: string;
  /** Lowest of winston's levels that is written. @defaultValue that of winston's logger */
  readonly level?: string | undefined;
}

/** What a winston logger has when it pipes into a transport. */
interface WinstonLogger {
  readonly level: string;
  /** Numbers of its levels: the lower, the worse. */
  readonly levels: Readonly<Record<string, number>>;
}

/** What winston hands over: level and message, and whatever else the line has. */
interface WinstonInfo extends Fields {
  readonly level: string;
}

/** The level as it was before a format coloured it. */
const PLAIN_LEVEL = Symbol.for('level');

/** Given by formats, and known here by other means. */
const KNOWN = ['level', 'message', 'timestamp', 'stack'] as const;

export class FlywatchTransport extends Writable {
  readonly #logger: Logger;
  readonly #level: string | undefined;
  #parent: WinstonLogger | undefined;

  constructor(options: FlywatchTransportOptions) {
    super({ objectMode: true });
    const { name, level, ...rest } = options;
    this.#level = level;
    this.once('pipe', (logger: unknown) => {
      this.#parent = logger as WinstonLogger;
    });
    // Which lines there are is for winston's levels to say.
    this.#logger = getLogger(name, { callSite: false, ...rest, level: 'trace' });
  }

  /** winston's way in; as a stream it has the usual one too. */
  log(info: WinstonInfo, done: () => void): void {
    this.#take(info);
    done();
  }

  override _write(info: WinstonInfo, _: BufferEncoding, done: () => void): void {
    this.#take(info);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#logger.close().then(() => done(), done);
  }

  /** winston hands over every line and leaves its levels to the transport. */
  #isWanted(info: WinstonInfo): boolean {
    const { level, levels } = this.#parent ?? {};
    const least = levels?.[this.#level ?? level ?? ''];
    const given = levels?.[plainLevel(info)];
    return least === undefined || given === undefined || given <= least;
  }

  #take(info: WinstonInfo): void {
    if (!this.#isWanted(info)) return;
    const { message, stack } = info;
    const fields: Fields = { ...info };
    for (const key of KNOWN) delete fields[key];
    const thrown = isError(info) ? info : isError(message) ? message : undefined;
    const error = thrown ?? (typeof stack === 'string' ? errorOf(message, stack) : undefined);
    this.#logger.log(levelOf(info), isError(message) ? message.message : message, fields, error);
  }
}

function levelOf(info: WinstonInfo): Level {
  return parseLevel(plainLevel(info)) ?? 'info';
}

function plainLevel(info: WinstonInfo): string {
  const plain = (info as unknown as Record<symbol, unknown>)[PLAIN_LEVEL];
  return typeof plain === 'string' ? plain : info.level;
}
