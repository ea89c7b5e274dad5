/** Nest's own lines, and those of `new Logger(Context.name)`, through the app's logger: `app.useLogger(app.get(FlywatchLogger))`. */

import type { Fields, Level } from '@flywatch/core';
import { Inject, Injectable, type LoggerService } from '@nestjs/common';
import { errorOf } from '../encoding/error-of.ts';
import { isError } from '../encoding/is-error.ts';
import type { Logger } from '../logger.ts';
import { LOGGER } from './options.ts';

/** Contexts are classes of the app: as many as it has. */
const MAX_CONTEXTS = 1_000;

export class FlywatchLogger implements LoggerService {
  readonly #logger: Logger;
  readonly #contexts = new Map<string, Logger>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  verbose(message: unknown, ...params: unknown[]): void {
    this.#write('trace', message, params);
  }

  debug(message: unknown, ...params: unknown[]): void {
    this.#write('debug', message, params);
  }

  log(message: unknown, ...params: unknown[]): void {
    this.#write('info', message, params);
  }

  warn(message: unknown, ...params: unknown[]): void {
    this.#write('warn', message, params);
  }

  error(message: unknown, ...params: unknown[]): void {
    this.#write('error', message, params);
  }

  fatal(message: unknown, ...params: unknown[]): void {
    this.#write('fatal', message, params);
  }

  /** Nest's convention: the last text is the context; before it, for errors, comes the text of a stack. */
  #write(level: Level, message: unknown, params: readonly unknown[]): void {
    const rest = [...params];
    const context = typeof rest.at(-1) === 'string' ? (rest.pop() as string) : undefined;
    const logger = context === undefined ? this.#logger : this.#of(context);
    const stack = rest.find((part) => typeof part === 'string' && part.includes('\n    at ')) as string | undefined;
    const error = rest.find(isError) ?? (stack === undefined ? undefined : errorOf(message, stack));
    const others = rest.filter((part) => part !== stack && part !== error && part !== undefined);
    const fields: Fields = Object.assign({}, ...others.map((part) => (isObject(part) ? part : undefined)));
    const values = others.filter((part) => !isObject(part));
    logger.log(level, message, values.length === 0 ? fields : { ...fields, values }, error);
  }

  #of(context: string): Logger {
    let logger = this.#contexts.get(context);
    if (logger === undefined) {
      logger = this.#logger.named(context);
      if (this.#contexts.size < MAX_CONTEXTS) this.#contexts.set(context, logger);
    }
    return logger;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

Injectable()(FlywatchLogger);
Inject(LOGGER)(FlywatchLogger, undefined, 0);
