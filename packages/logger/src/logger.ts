/**
 * The logger: an own writer and not one on top of pino, for three reasons. logcore's line, with a bounded context and
 * an exception beside it, is not pino's, and making it there takes a serializer, a formatter and a mixin a line.
 * Whatever waits in pino's fast modes is lost when a signal ends the process, and its transports lose what a worker
 * thread has not read. And an app that installs this gets two small packages and not a dozen. The price is that pino's
 * plugins do not apply; who has pino keeps it, with our transport. `npm run bench -- logger` holds the two against each
 * other.
 *
 * What happens to a line: its level is compared; its parts become JSON once; each destination takes the form that it
 * wants.
 */

import { type Fields, LEVELS, type Level, levelRank } from '@flywatch/core';
import type { Destination } from './destinations/destination.ts';
import { callSite } from './encoding/call-site.ts';
import { isError } from './encoding/is-error.ts';
import type { JsonWriter } from './encoding/json-writer.ts';
import { textOf } from './encoding/text-of.ts';
import { Timestamps } from './encoding/timestamps.ts';
import { createLoggerName, type LoggerName, LogRecord } from './log-record.ts';
import type { ProcessWide } from './process-wide.ts';

/**
 * What may stand beside a message: context, an error, or both in any order; the message itself, where the context comes
 * first.
 */
export type Detail = object | string | undefined | null;

/** What a logger and all that were made from it share. */
export interface LoggerParts {
  readonly destinations: readonly Destination[];
  readonly writer: JsonWriter;
  readonly contexts: ProcessWide['contexts'];
  /** Fields for each line, asked when it is logged: the ids of a trace, say. */
  readonly mixin: (() => Fields | undefined) | undefined;
  /** Lines up to this rank say where in the app they were logged. */
  readonly callSiteRank: number;
  readonly now: () => number;
}

/** Fields of a child: as they are, for lines that name one of them again, and as JSON, for all others. */
interface Bindings {
  readonly fields: Fields;
  readonly json: string;
}

/** The method that the app has called: where it was called from is asked by it. */
type Caller = (...args: never[]) => unknown;

const NO_BINDINGS: Bindings = { fields: {}, json: '' };

const TRACE = levelRank('trace');
const DEBUG = levelRank('debug');
const INFO = levelRank('info');
const WARN = levelRank('warn');
const ERROR = levelRank('error');
const FATAL = levelRank('fatal');

export class Logger {
  readonly #parts: LoggerParts;
  readonly #name: LoggerName;
  readonly #bindings: Bindings;
  readonly #timestamps = new Timestamps();
  #rank: number;

  /** Loggers come from `getLogger`. */
  constructor(parts: LoggerParts, name: string, level: Level, fields: Fields = {}) {
    this.#parts = parts;
    this.#name = createLoggerName(name);
    this.#rank = levelRank(level);
    const json = parts.writer.entries(fields);
    this.#bindings = json === '' ? NO_BINDINGS : { fields, json };
  }

  get name(): string {
    return this.#name.text;
  }

  /** The lowest level that is written. */
  get level(): Level {
    return LEVELS[this.#rank]!;
  }

  /** @throws RangeError where there is no such level; `levelNamed` makes one of other spellings. */
  set level(level: Level) {
    if (!LEVELS.includes(level))
      throw new RangeError(`level is ${String(level)}; expected one of ${LEVELS.join(', ')}`);
    this.#rank = levelRank(level);
  }

  isEnabled(level: Level): boolean {
    return levelRank(level) >= this.#rank;
  }

  trace(message: unknown, ...details: [Detail?, Detail?]): void;
  trace(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= TRACE) this.#log('trace', TRACE, message, first, second, this.trace);
  }

  debug(message: unknown, ...details: [Detail?, Detail?]): void;
  debug(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= DEBUG) this.#log('debug', DEBUG, message, first, second, this.debug);
  }

  info(message: unknown, ...details: [Detail?, Detail?]): void;
  info(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= INFO) this.#log('info', INFO, message, first, second, this.info);
  }

  warn(message: unknown, ...details: [Detail?, Detail?]): void;
  warn(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= WARN) this.#log('warn', WARN, message, first, second, this.warn);
  }

  error(message: unknown, ...details: [Detail?, Detail?]): void;
  error(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= ERROR) this.#log('error', ERROR, message, first, second, this.error);
  }

  fatal(message: unknown, ...details: [Detail?, Detail?]): void;
  fatal(message: unknown, first?: unknown, second?: unknown): void {
    if (this.#rank <= FATAL) this.#log('fatal', FATAL, message, first, second, this.fatal);
  }

  /** A line of a level that is only known at run time. */
  log(level: Level, message: unknown, ...details: [Detail?, Detail?]): void {
    const rank = levelRank(level);
    if (this.#rank <= rank) this.#log(level, rank, message, details[0], details[1], this.log);
  }

  /** A logger of the same name and destinations with these fields in each of its lines. */
  child(fields: Fields): Logger {
    return new Logger(this.#parts, this.#name.text, this.level, { ...this.#bindings.fields, ...fields });
  }

  /** A logger of another name with the same destinations and fields: one for each part of an app. */
  named(name: string): Logger {
    return new Logger(this.#parts, name, this.level, this.#bindings.fields);
  }

  /** Resolves when what was logged so far has arrived everywhere; a hub that is away is waited for a second. */
  async flush(): Promise<void> {
    await Promise.all(this.#parts.destinations.map((destination) => destination.flush?.()));
  }

  /** Writes what waits and lets go of files and connections, for all loggers with the same destinations. */
  async close(): Promise<void> {
    await Promise.all(this.#parts.destinations.map((destination) => destination.close?.()));
  }

  #log(level: Level, rank: number, message: unknown, first: unknown, second: unknown, from: Caller): void {
    const { destinations, writer, callSiteRank, now } = this.#parts;
    try {
      const { text, fields, error } = sortOut(message, first, second);
      const timeMs = now();
      const record = new LogRecord({
        timeMs,
        time: this.#timestamps.text(timeMs),
        level,
        logger: this.#name,
        message: writer.text(text),
        context: this.#context(fields),
        exception: error === undefined ? undefined : writer.exception(error),
        callSite: rank <= callSiteRank ? callSite(from) : undefined,
      });
      for (const destination of destinations) hand(record, destination);
    } catch {
      // Whatever it is that an app logs: a line is not worth an app.
    }
  }

  /** From what holds for all lines to what was given with this one; who comes later wins. */
  #context(given: Fields | undefined): string {
    const { writer, contexts, mixin } = this.#parts;
    const request = contexts.getStore();
    const mixed = mixin === undefined ? undefined : ask(mixin);
    const { fields, json } = this.#bindings;
    if (request === undefined && mixed === undefined) {
      if (given === undefined) return json;
      if (json === '') return writer.entries(given);
      if (!sharesName(fields, given)) {
        const entries = writer.entries(given);
        return entries === '' ? json : `${json},${entries}`;
      }
    }
    return writer.merged(request ?? NOTHING, fields, mixed ?? NOTHING, given ?? NOTHING);
  }
}

const NOTHING: Fields = {};

function hand(record: LogRecord, destination: Destination): void {
  try {
    destination.write(record);
  } catch {
    // It promised not to; the others get the record all the same.
  }
}

function ask(mixin: () => Fields | undefined): Fields | undefined {
  try {
    return mixin();
  } catch {
    // The app's own function: the line goes out without what it would have said.
    return undefined;
  }
}

function sharesName(fields: Fields, given: Fields): boolean {
  for (const name of Object.keys(given)) if (Object.hasOwn(fields, name)) return true;
  return false;
}

interface Line {
  readonly text: string;
  readonly fields: Fields | undefined;
  readonly error: unknown;
}

/**
 * `(message)`, `(message, context)`, `(message, error)`, both in any order; `(error)`, `(error, message)`; and as in pino
 * `(context, message)`. An error under `err` or `error` of the context is the exception too.
 */
function sortOut(message: unknown, first: unknown, second: unknown): Line {
  if (typeof message === 'string' && second === undefined) {
    if (first === undefined || first === null) return { text: message, fields: undefined, error: undefined };
    if (typeof first === 'object' && !isError(first)) return withErrorOf(message, first as Fields);
  }
  let text: string | undefined;
  let fields: Fields | undefined;
  let error: unknown;
  for (const part of [message, first, second]) {
    if (isError(part)) error ??= part;
    else if (typeof part === 'object' && part !== null)
      fields = fields === undefined ? (part as Fields) : { ...fields, ...part };
    else if (part !== undefined && part !== null) text = text === undefined ? textOf(part) : `${text} ${textOf(part)}`;
  }
  const line = fields === undefined ? { text: text ?? '', fields, error } : withErrorOf(text ?? '', fields, error);
  if (text !== undefined) return line;
  return { ...line, text: isError(line.error) ? textOf(line.error.message) : textOf(message ?? '') };
}

function withErrorOf(text: string, fields: Fields, given?: unknown): Line {
  const name = isError(fields.err) ? 'err' : isError(fields.error) ? 'error' : undefined;
  if (name === undefined || given !== undefined) return { text, fields, error: given };
  const { [name]: error, ...others } = fields;
  return { text, fields: others, error };
}
