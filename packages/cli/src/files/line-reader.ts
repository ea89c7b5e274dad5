/** What a line of a file says: read as a hub would read it, so that filters mean the same here and there. */

import {
  compileSelection,
  type Envelope,
  type LogEvent,
  Normalizer,
  type RegexEngine,
  type Selection,
} from '@flywatch/core';
import type { ShownEvent } from '../view/shown-event.ts';
import { leadingTimeMs } from './line-time.ts';

/** As a hub's own limits: MAX_LINE_BYTES by default, and what is parsed at all. */
const MAX_LINE_BYTES = 262_144;
const MAX_PARSED_CHARS = 1_048_576;

export interface LineReaderOptions {
  readonly selection: Selection;
  readonly regex: RegexEngine;
  /** Lines of this time on, by the time in the line; one without a time goes with the line before it. */
  readonly sinceMs?: number | undefined;
  /** Lines before this time, likewise. */
  readonly untilMs?: number | undefined;
  readonly now: () => number;
}

export class LineReader {
  readonly #normalizer: Normalizer;
  readonly #matches: (event: LogEvent) => boolean;
  readonly #sinceMs: number | undefined;
  readonly #untilMs: number;
  readonly #now: () => number;
  #position = 0;
  #isWithin: boolean;

  constructor({ selection, regex, sinceMs, untilMs, now }: LineReaderOptions) {
    this.#normalizer = new Normalizer({
      hub: 'files',
      nextPosition: () => ++this.#position,
      maxLineBytes: MAX_LINE_BYTES,
      maxParsedChars: MAX_PARSED_CHARS,
    });
    this.#matches = compileSelection(selection, { regex }).matches;
    this.#sinceMs = sinceMs;
    this.#untilMs = untilMs ?? Number.POSITIVE_INFINITY;
    this.#now = now;
    this.#isWithin = sinceMs === undefined;
  }

  /** The event of a line, or undefined where it is not wanted. */
  read(line: string, envelope: Envelope): LogEvent | undefined {
    const event = this.#normalizer.fromPayload(line, envelope, this.#now());
    const isBounded = this.#sinceMs !== undefined || this.#untilMs !== Number.POSITIVE_INFINITY;
    if (isBounded && !this.#isOfRange(event, line)) return undefined;
    return this.#matches(event) ? event : undefined;
  }

  #isOfRange(event: LogEvent, line: string): boolean {
    const ms = lineTimeMs(event, line, this.#now());
    if (ms !== undefined) this.#isWithin = ms >= (this.#sinceMs ?? Number.NEGATIVE_INFINITY) && ms < this.#untilMs;
    return this.#isWithin;
  }
}

/** The time that a line has in it; undefined where it has none. */
export function lineTimeMs(event: LogEvent, line: string, nowMs: number): number | undefined {
  return hasOwnTime(event) ? event.timeMs : leadingTimeMs(line, nowMs);
}

/** An event as it is shown: a line whose time was not understood stands as it is, with its own time wherever that may be. */
export function shownLine(event: LogEvent, line: string): ShownEvent {
  const { level, app, instance, region, host, provider, source } = event;
  const labels = { level, app, instance, region, host, provider, source };
  if (hasOwnTime(event)) return { time: event.time, message: event.message, fields: event.ownStructure, ...labels };
  if (event.message === line) return { time: '', message: line, fields: event.ownStructure, ...labels };
  const isJson = line.charCodeAt(0) === 0x7b; /* { */
  return {
    time: '',
    message: isJson ? event.message : line,
    fields: isJson ? event.ownStructure : undefined,
    level,
    app,
  };
}

function hasOwnTime(event: LogEvent): boolean {
  return event.extras?._time === undefined;
}
