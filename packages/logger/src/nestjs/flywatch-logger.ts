/**
 * Nest's own lines, and those of `new Logger(Context.name)`, through the app's logger:
 * `app.useLogger(app.get(FlywatchLogger))`.
 */

import type { Level } from '@flywatch/core';
import { Inject, Injectable, type LoggerService } from '@nestjs/common';
import { errorOf } from '../encoding/error-of.ts';
import { isError } from '../encoding/is-error.ts';
import type { Logger } from '../logger.ts';
import { NamedLoggers } from '../named-loggers.ts';
import { LOGGER } from './options.ts';

export class FlywatchLogger implements LoggerService {
  readonly #logger: Logger;
  readonly #contexts: NamedLoggers;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#contexts = new NamedLoggers(logger);
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
    const rest = params.filter((part) => part !== undefined);
    const last = rest.at(-1);
    const context = typeof last === 'string' && !isStack(last) ? last : undefined;
    if (context !== undefined) rest.pop();
    const stack = rest.find(isStack);
    const error = rest.find(isError) ?? (stack === undefined ? undefined : errorOf(message, stack));
    const others = rest.filter((part) => part !== stack && part !== error);
    const [first] = others;
    const isContext = others.length === 1 && typeof first === 'object' && first !== null;
    const fields = isContext ? first : others.length === 0 ? undefined : { values: others };
    const logger = context === undefined ? this.#logger : this.#contexts.of(context);
    logger.log(level, message, fields, error);
  }
}

function isStack(value: unknown): value is string {
  return typeof value === 'string' && value.includes('\n    at ');
}

Injectable()(FlywatchLogger);
Inject(LOGGER)(FlywatchLogger, undefined, 0);
