/**
 * The event: what every line becomes at the door, whatever its source, and what everything behind the door works on.
 *
 * What only some readers need (the fields of a logfmt line, the text that words are searched in, the id as text) is
 * worked out when first asked for and kept: most events are streamed on without anyone asking.
 */

import { stripAnsi } from './ansi.ts';
import { formatEventId } from './ids.ts';
import type { Level } from './levels.ts';
import { parseLogfmt } from './logfmt.ts';
import { parseStructure } from './structure.ts';

/** Parsed structure of a line. Values are untrusted: keys may be `__proto__`, so look up own properties only. */
export type Fields = { [key: string]: unknown };

export interface EventInit {
  /** See {@link LogEvent.position}. */
  readonly position: number;
  /** Tag of the hub that gives the id; see `ids.ts`. */
  readonly hub: string;
  readonly receivedAtMs: number;
  /** Source time, RFC 3339 in UTC with the digits that the source gave. */
  readonly time: string;
  readonly timeMs: number;
  readonly timeNanos: number;
  readonly level: Level;
  readonly message: string;
  readonly app: string | undefined;
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly host: string | undefined;
  readonly provider: string | undefined;
  readonly source: string | undefined;
  /** Structure that was parsed on the way in; undefined: look for it in the message when asked. */
  readonly structure: Fields | undefined;
  /** Whether `structure` is what the message holds as JSON, and nothing else. @defaultValue false */
  readonly structureInMessage?: boolean;
  /** What the hub adds to the fields: `_time`, `_truncated`, `_backfilled`, `demo`, and the envelope's own extras. */
  readonly extras: Fields | undefined;
  /** The payload as it came, decoded; undefined where the event was made by the hub itself. */
  readonly raw: string | undefined;
  /** Whether `raw` is what the `fly` form sends verbatim: one line of valid JSON from the bus. */
  readonly verbatim: boolean;
  /** See {@link LogEvent.rawHead}. */
  readonly rawHead?: string | undefined;
  readonly demo: boolean;
  /** See {@link LogEvent.structureChars}. @defaultValue 0 */
  readonly structureChars?: number;
  /** See {@link LogEvent.lost}. */
  readonly lost?: number | undefined;
}

export class LogEvent {
  /** Place in the hub's order of arrival: grows by at least one an event, across restarts too. */
  readonly position: number;
  readonly hub: string;
  /** When the hub took it, in milliseconds since 1970. */
  readonly receivedAtMs: number;
  /** Source time, RFC 3339 in UTC, with as many fraction digits as the source gave. */
  readonly time: string;
  readonly timeMs: number;
  /** Nanoseconds of `time` below the millisecond: 0 to 999,999. */
  readonly timeNanos: number;
  /** Effective level: that of the message where it has one, else the envelope's, else info. */
  readonly level: Level;
  /** The line, ANSI sequences kept. */
  readonly message: string;
  readonly app: string | undefined;
  /** Fly machine, container or process that printed it. */
  readonly instance: string | undefined;
  readonly region: string | undefined;
  readonly host: string | undefined;
  /** Kind of source: `app`, `runner`, `proxy`, `health`, `agent`, …; an open set. */
  readonly provider: string | undefined;
  /** Logger name or subsystem. */
  readonly source: string | undefined;
  readonly raw: string | undefined;
  readonly verbatim: boolean;
  /**
   * Where the raw payload is an envelope in Fly's own form: everything in it before the message. {@link joinEnvelope} makes
   * the payload from it again, so that whoever keeps events need not keep their payloads.
   */
  readonly rawHead: string | undefined;
  readonly demo: boolean;
  /** Whether the structure of the line is its message, parsed: it can be found there again. */
  readonly structureInMessage: boolean;
  /** What the parsed structure takes in memory, roughly, as characters of text would: for whoever bounds what is held. */
  readonly structureChars: number;

  /** It is no line, but marks a place where so many events are missing; undefined for every line. */
  readonly lost: number | undefined;

  readonly #structure: Fields | undefined;
  readonly #extras: Fields | undefined;
  #id: string | undefined;
  #fields: Fields | undefined;
  #plainText: string | undefined;
  #searchText: string | undefined;

  constructor(init: EventInit) {
    this.position = init.position;
    this.hub = init.hub;
    this.receivedAtMs = init.receivedAtMs;
    this.time = init.time;
    this.timeMs = init.timeMs;
    this.timeNanos = init.timeNanos;
    this.level = init.level;
    this.message = init.message;
    this.app = init.app;
    this.instance = init.instance;
    this.region = init.region;
    this.host = init.host;
    this.provider = init.provider;
    this.source = init.source;
    this.raw = init.raw;
    this.verbatim = init.verbatim;
    this.rawHead = init.rawHead;
    this.demo = init.demo;
    this.structureInMessage = init.structureInMessage ?? false;
    this.structureChars = init.structureChars ?? 0;
    this.lost = init.lost;
    this.#structure = init.structure;
    this.#extras = init.extras;
  }

  /** Resume cursor and name of the event, the same on every surface; see `ids.ts`. */
  get id(): string {
    this.#id ??= formatEventId(this.position, this.hub);
    return this.#id;
  }

  /** JSON or logfmt of the message, `context` or `meta`, and what the hub has to say about the line. Never undefined. */
  get fields(): Readonly<Fields> {
    this.#fields ??= joinFields(this.#structure ?? this.#findStructure(), this.#extras);
    return this.#fields;
  }

  /** The structure that came with the line and is not in its message. */
  get ownStructure(): Readonly<Fields> | undefined {
    return this.structureInMessage ? undefined : this.#structure;
  }

  /** What the hub had to say about the line, or the envelope beside it. */
  get extras(): Readonly<Fields> | undefined {
    return this.#extras;
  }

  #findStructure(): Fields | undefined {
    return this.structureInMessage ? parseStructure(this.message) : parseLogfmt(this.plainText);
  }

  /** The message without ANSI sequences, case kept: what regular expressions are looked for in. */
  get plainText(): string {
    this.#plainText ??= stripAnsi(this.message);
    return this.#plainText;
  }

  /** `plainText` in lower case: what words and phrases are looked for in. The same string where that changes nothing. */
  get searchText(): string {
    if (this.#searchText === undefined) {
      const folded = this.plainText.toLowerCase();
      this.#searchText = folded === this.plainText ? this.plainText : folded;
    }
    return this.#searchText;
  }
}

/** An envelope in Fly's own form, from its beginning (see {@link LogEvent.rawHead}), its message and its time. */
export function joinEnvelope(rawHead: string, message: string, time: string): string {
  const quoted = JSON.stringify(message);
  return `${rawHead}${quoted.slice(1)},"timestamp":"${time}"}`;
}

const NO_FIELDS: Readonly<Fields> = Object.freeze(Object.create(null) as Fields);

/** The hub's own notes win over the line's: a line must not be able to say of itself that it is demo traffic. */
function joinFields(structure: Fields | undefined, extras: Fields | undefined): Readonly<Fields> {
  if (extras === undefined) return structure ?? NO_FIELDS;
  if (structure === undefined) return extras;
  return { ...structure, ...extras };
}
