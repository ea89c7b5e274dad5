/**
 * From what arrived to an event. Nothing that arrives is dropped here and nothing throws: what cannot be understood
 * becomes a line of text under the labels of its envelope.
 *
 * The envelope is truth (DESIGN, section 3): the subject wins over the payload, and what an app prints inside its
 * message never reaches app, instance, region or time. Only the level and the fields come from the message.
 */

import { type Fields, LogEvent } from '../event.ts';
import { inspectMessage } from '../inspect-message.ts';
import { type Level, parseLevelValue } from '../levels.ts';
import { parseStructure } from '../structure.ts';
import { formatTimeMs, isAbsurdTime, parseTime } from '../time.ts';
import { CanonicalEnvelopeReader } from './canonical-envelope.ts';
import { cutToBytes, detached } from './cut.ts';
import { type Draft, isObject } from './draft.ts';
import { recognizeEnvelope, recognizeShape } from './shapes.ts';
import { recognizeText } from './text-shapes.ts';

export interface NormalizerOptions {
  /** Tag of this hub, the second part of every id. */
  readonly hub: string;
  /** Gives the next position; see `positions.ts`. */
  readonly nextPosition: () => number;
  /** UTF-8 bytes of a message beyond which it is cut and marked. */
  readonly maxLineBytes: number;
  /** Characters of a payload beyond which it is taken as text, and cut, without a look inside. */
  readonly maxParsedChars: number;
}

/**
 * What the way of arrival says about a line, whatever the line says. One object per subject, kept: what is learned about
 * the form of a machine's lines is remembered by it.
 */
export interface Envelope {
  readonly app?: string | undefined;
  readonly instance?: string | undefined;
  readonly region?: string | undefined;
  readonly host?: string | undefined;
  readonly provider?: string | undefined;
  readonly source?: string | undefined;
  /** Whether the above win over the payload (a bus subject) or only fill its gaps (parameters of a request). */
  readonly wins: boolean;
  /** The above come from an agent, which knows its host better than what an app prints, while the payload is still what it printed. */
  readonly isAgents?: boolean;
  /** Set by the demo source alone: a line cannot say of itself that it is demo traffic, and so escape the store. */
  readonly demo?: boolean;
  /** The line was fetched after the fact and did not come when it was printed: its place in the order of arrival says little. */
  readonly backfilled?: boolean;
}

export class Normalizer {
  readonly #options: NormalizerOptions;
  /** Since start: lines that were cut, and times that were missing or absurd. */
  readonly counters = { cut: 0, timesReplaced: 0 };
  readonly #canonical = new CanonicalEnvelopeReader(recognizeEnvelope);

  constructor(options: NormalizerOptions) {
    this.#options = options;
  }

  /**
   * One payload, JSON object or not. `text` is decoded UTF-8 with U+FFFD for what was none; a byte order mark goes.
   */
  fromPayload(text: string, envelope: Envelope, receivedAtMs: number): LogEvent {
    const canonical = this.#canonical.read(text, envelope);
    if (canonical !== undefined) return this.#finish(canonical, envelope, receivedAtMs, text, true);
    const payload = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    if (payload.length > this.#options.maxParsedChars) {
      const message = cutToBytes(payload, this.#options.maxLineBytes) ?? payload;
      return this.#finish({ message }, envelope, receivedAtMs, payload, false);
    }
    const object = startsLikeObject(payload) ? parseStructure(payload) : undefined;
    const draft = object === undefined ? this.#draftOfText(payload, envelope) : recognizeShape(object);
    return this.#finish(draft, envelope, receivedAtMs, payload, object !== undefined);
  }

  #draftOfText(line: string, { isAgents }: Envelope): Draft {
    return (isAgents === true ? recognizeText(line) : undefined) ?? { message: line };
  }

  #finish(draft: Draft, envelope: Envelope, receivedAtMs: number, raw: string, isObjectPayload: boolean): LogEvent {
    let structure = draft.structure;
    let structureInMessage = false;
    let level: Level | undefined;
    let source: string | undefined;
    let message = draft.message;
    if (typeof message !== 'string') {
      if (isObject(message))
        structure = structure === undefined || structure === message ? message : { ...message, ...structure };
      message = renderValue(message);
    }
    if (draft.levelIsFinal === true) level = parseLevelValue(draft.level);
    if (level === undefined) {
      const seen = inspectMessage(message as string);
      level = seen.level ?? parseLevelValue(draft.level) ?? 'info';
      source = seen.source;
      if (seen.structure !== undefined) {
        structureInMessage = structure === undefined;
        structure = structure === undefined ? seen.structure : { ...structure, ...seen.structure };
      }
    }

    let extras: Fields | undefined;
    const given = draft.parsedTime ?? parseTime(draft.time);
    const sane = given !== undefined && !isAbsurdTime(given, receivedAtMs);
    if (!sane) {
      this.counters.timesReplaced++;
      extras = note(extras, '_time', 'received');
      if (draft.time !== undefined && draft.time !== null && draft.time !== '') {
        extras = note(extras, '_time_given', shownTime(draft.time));
      }
    }

    const cut = cutToBytes(message as string, this.#options.maxLineBytes);
    if (cut !== undefined) {
      this.counters.cut++;
      extras = note(extras, '_truncated', (message as string).length);
      message = cut;
      structure = undefined;
      structureInMessage = false;
    }
    // JSON may escape every character of a line that fits; more than that is ballast beside the message.
    const rawFits = raw.length <= 2 * this.#options.maxLineBytes;
    if (!rawFits && cut === undefined) extras = note(extras, '_truncated', raw.length);
    if (envelope.demo === true) extras = note(extras, 'demo', true);
    if (envelope.backfilled === true) extras = note(extras, '_backfilled', true);

    const { wins } = envelope;
    const isTruth = wins || envelope.isAgents === true;
    const kept = rawFits && cut === undefined;
    return new LogEvent({
      position: this.#options.nextPosition(),
      hub: this.#options.hub,
      receivedAtMs,
      time: sane ? given.text : formatTimeMs(receivedAtMs),
      timeMs: sane ? given.ms : receivedAtMs,
      timeNanos: sane ? given.nanos : 0,
      level,
      message: message as string,
      app: isTruth ? (envelope.app ?? draft.app) : (draft.app ?? envelope.app),
      instance: isTruth ? (envelope.instance ?? draft.instance) : (draft.instance ?? envelope.instance),
      region: isTruth ? (envelope.region ?? draft.region) : (draft.region ?? envelope.region),
      host: isTruth ? (envelope.host ?? draft.host) : (draft.host ?? envelope.host),
      provider: draft.provider ?? envelope.provider ?? 'app',
      source: draft.source ?? envelope.source ?? source,
      structure,
      structureInMessage,
      extras,
      rawHead: kept && sane ? draft.rawHead : undefined,
      raw: kept ? raw : undefined,
      // What came over the bus as JSON goes on as it came; what an app posted in another shape gets an envelope.
      verbatim: kept && (isObjectPayload ? wins || draft.isEnvelope === true : wins && isJsonText(raw)),
      demo: envelope.demo === true,
      structureChars: structure === undefined ? 0 : structureChars(raw),
    });
  }
}

/** What came in place of a time is a hint for a person: its beginning is enough. */
const MAX_SHOWN_TIME_CHARS = 256;

function shownTime(given: unknown): unknown {
  const shown = typeof given === 'object' ? renderValue(given) : given;
  return typeof shown === 'string' && shown.length > MAX_SHOWN_TIME_CHARS
    ? detached(shown.slice(0, MAX_SHOWN_TIME_CHARS))
    : shown;
}

/** An object or array takes some 60 bytes besides its texts, however few characters it was: `{},` is three. */
const CHARS_PER_VALUE = 32;

/** What the structure in a payload takes once it is parsed, in characters; an upper bound, without a walk through it. */
function structureChars(raw: string): number {
  let values = 1;
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at);
    if (code === 0x2c /* , */ || code === 0x7b /* { */ || code === 0x5b /* [ */) values++;
  }
  return raw.length + values * CHARS_PER_VALUE;
}

function startsLikeObject(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x7b) return true;
    if (code > 32) return false;
  }
  return false;
}

/** Whether a text that is no object is JSON all the same: an array, a string, a number. Short-cut for ordinary lines. */
function isJsonText(text: string): boolean {
  if (!/^\s*(?:[[{"\d-]|true|false|null)/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text of a value where a line was expected. */
function renderValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    // Nested too deep to print, or a value that JSON has no form for: the raw payload still has it.
    return '[unprintable value]';
  }
}

function note(extras: Fields | undefined, key: string, value: unknown): Fields {
  const notes = extras ?? (Object.create(null) as Fields);
  notes[key] = value;
  return notes;
}
