/**
 * One line on its way to its destinations: its parts as JSON, written once, and joined to the form that a destination
 * wants when the first one asks for it. A file and a hub share the same text; nobody pays for a form that nobody wants.
 */

import { type Level, LOGCORE_LEVELS, STRUCTURED_LEVELS } from '@flywatch/core';

export interface LogRecordInit {
  readonly timeMs: number;
  /** RFC 3339. */
  readonly time: string;
  readonly level: Level;
  readonly logger: LoggerName;
  /** JSON of the message. */
  readonly message: string;
  /** Entries of the context as JSON, without braces; empty where there is none. */
  readonly context: string;
  /** JSON of logcore's `exception`. */
  readonly exception: string | undefined;
  /** JSON of logcore's `source`: file, line, function. */
  readonly callSite: string | undefined;
}

export class LogRecord {
  readonly timeMs: number;
  readonly time: string;
  readonly level: Level;
  readonly logger: LoggerName;
  readonly message: string;
  readonly context: string;
  readonly exception: string | undefined;
  readonly callSite: string | undefined;
  #line: string | undefined;

  constructor(init: LogRecordInit) {
    this.timeMs = init.timeMs;
    this.time = init.time;
    this.level = init.level;
    this.logger = init.logger;
    this.message = init.message;
    this.context = init.context;
    this.exception = init.exception;
    this.callSite = init.callSite;
  }

  /** logcore's line of JSON with its line break. */
  get line(): string {
    this.#line ??= this.#logcore();
    return this.#line;
  }

  /** Entries of seed 004's record, without braces: timestamp, level, source, message, meta. */
  get structured(): string {
    let meta = this.context;
    if (this.exception !== undefined) meta += `${meta === '' ? '' : ','}"exception":${this.exception}`;
    const head = `"timestamp":"${this.time}","level":"${STRUCTURED_LEVELS[this.level]}","source":${this.logger.json}`;
    return `${head},"message":${this.message}${meta === '' ? '' : `,"meta":{${meta}}`}`;
  }

  #logcore(): string {
    let line = `{"timestamp":"${this.time}${this.logger.heads[this.level]}${this.message}`;
    if (this.context !== '') line += `,"context":{${this.context}}`;
    if (this.exception !== undefined) line += `,"exception":${this.exception}`;
    if (this.callSite !== undefined) line += `,"source":${this.callSite}`;
    return `${line}}\n`;
  }
}

/** The name of a logger, with what is the same in all of its lines. */
export interface LoggerName {
  readonly text: string;
  readonly json: string;
  /** What stands between time and message in a line of each level. */
  readonly heads: Readonly<Record<Level, string>>;
}

export function createLoggerName(text: string): LoggerName {
  const json = JSON.stringify(text);
  const heads = Object.fromEntries(
    Object.entries(LOGCORE_LEVELS).map(([level, name]) => [level, `","level":"${name}","logger":${json},"message":`]),
  ) as Record<Level, string>;
  return { text, json, heads };
}
