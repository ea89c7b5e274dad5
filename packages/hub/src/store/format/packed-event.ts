/**
 * What becomes of an event in a row of a batch or chunk, besides its times and labels: flags, and side texts in this order: structure,
 * extras, payload, time. A payload that can be made from the rest again is not kept.
 */

import {
  isLeapSecond,
  joinEnvelope,
  LEVELS,
  type Level,
  LogEvent,
  parseStructure,
  printStructure,
} from '@flywatch/core';
import type { RowBlock } from './row-block.ts';
import { formatSourceTime } from './source-time.ts';

/** What a row is, besides its columns. */
export const VERBATIM = 1;
export const STRUCTURE_IN_MESSAGE = 2;
export const HAS_STRUCTURE = 4;
export const HAS_EXTRAS = 8;
export const DEMO = 16;
/** The time cannot be told from its number (a leap second): its text is in the side texts. */
const HAS_TIME_TEXT = 32;
/** The message has a half of a surrogate pair, which UTF-8 cannot hold: it is kept as JSON. */
export const MESSAGE_IS_JSON = 64;
/** How the payload is kept: see {@link RawKind}. */
export const RAW_SHIFT = 7;
const RAW_MASK = 7;

/** How the payload of an event is kept. */
const RawKind = {
  none: 0,
  /** It is the message. */
  message: 1,
  /** It is made of the stream's beginning, the message and the time. */
  envelope: 2,
  /** A text of its own. */
  literal: 3,
  /** A text of its own in which the message, as JSON, is left out; the place stands before it. */
  around: 4,
} as const;

/** What a row is; the texts that it has besides its message are added to `side`. */
export function flagsAndSide(event: LogEvent, side: string[]): number {
  let flags = (event.verbatim ? VERBATIM : 0) | (event.demo ? DEMO : 0);
  if (event.structureInMessage) flags |= STRUCTURE_IN_MESSAGE;
  else if (event.ownStructure !== undefined) {
    flags |= HAS_STRUCTURE;
    side.push(printStructure(event.ownStructure));
  }
  if (event.extras !== undefined) {
    flags |= HAS_EXTRAS;
    side.push(printStructure(event.extras));
  }
  flags |= rawKindAndSide(event, side) << RAW_SHIFT;
  if (isLeapSecond(event)) {
    flags |= HAS_TIME_TEXT;
    side.push(event.time);
  }
  return flags;
}

/** How the payload is kept; the text that this takes, if any, is added to `side`. */
export function rawKindAndSide(event: LogEvent, side: string[]): number {
  const { raw, message } = event;
  if (raw === undefined) return RawKind.none;
  if (event.rawHead !== undefined) return RawKind.envelope;
  if (raw === message) return RawKind.message;
  const quoted = JSON.stringify(message);
  const at = raw.indexOf(quoted);
  if (at === -1 || !raw.isWellFormed()) {
    side.push(raw);
    return RawKind.literal;
  }
  side.push(`${at},${raw.slice(0, at)}${raw.slice(at + quoted.length)}`);
  return RawKind.around;
}

function hasRawText(flags: number): boolean {
  return ((flags >> RAW_SHIFT) & RAW_MASK) >= RawKind.literal;
}

/** Side texts of a row with these flags, in this order: structure, extras, payload, time. */
export function sideTextsOf(flags: number): number {
  let texts = hasRawText(flags) ? 1 : 0;
  if ((flags & HAS_STRUCTURE) !== 0) texts++;
  if ((flags & HAS_EXTRAS) !== 0) texts++;
  if ((flags & HAS_TIME_TEXT) !== 0) texts++;
  return texts;
}

/**
 * The event of a row.
 *
 * @param message - as it is kept
 * @param nextSide - gives the side texts of the row, one after the other
 */
export function unpackEvent(block: RowBlock, row: number, message: string, nextSide: () => string): LogEvent {
  const flags = block.flags[row]!;
  const stream = block.streams[block.stream[row]!]!;
  const structure = (flags & HAS_STRUCTURE) === 0 ? undefined : nextSide();
  const extras = (flags & HAS_EXTRAS) === 0 ? undefined : nextSide();
  const raw = hasRawText(flags) ? nextSide() : undefined;
  const timeText = (flags & HAS_TIME_TEXT) === 0 ? undefined : nextSide();
  const text = messageText(flags, message);
  const timeMs = block.timeMs[row]!;
  const timeNanos = block.nanos[row]! & 0xfffff;
  const time = timeText ?? formatSourceTime(timeMs, timeNanos, block.nanos[row]! >>> 20);
  return new LogEvent({
    position: block.positionOf(row),
    hub: block.hub,
    receivedAtMs: block.receivedAtMsOf(row),
    time,
    timeMs,
    timeNanos,
    level: LEVELS[block.level[row]!] as Level,
    message: text,
    app: stream.app,
    instance: stream.instance,
    region: stream.region,
    host: stream.host,
    provider: stream.provider,
    source: stream.source,
    structure: structure === undefined ? undefined : parseStructure(structure),
    structureInMessage: (flags & STRUCTURE_IN_MESSAGE) !== 0,
    extras: extras === undefined ? undefined : parseStructure(extras),
    raw: unpackRaw({ flags, rawHead: stream.rawHead, raw }, text, time),
    rawHead: stream.rawHead,
    verbatim: (flags & VERBATIM) !== 0,
    demo: (flags & DEMO) !== 0,
  });
}

/** The message, from how it was kept. */
export function messageText(flags: number, message: string): string {
  return (flags & MESSAGE_IS_JSON) === 0 ? message : (JSON.parse(message) as string);
}

/** The payload, from how it was kept. */
export function unpackRaw(
  {
    flags,
    rawHead,
    raw,
  }: { readonly flags: number; readonly rawHead: string | undefined; readonly raw: string | undefined },
  message: string,
  time: string,
): string | undefined {
  switch ((flags >> RAW_SHIFT) & RAW_MASK) {
    case RawKind.message:
      return message;
    case RawKind.envelope:
      return joinEnvelope(rawHead!, message, time);
    case RawKind.literal:
      return raw;
    case RawKind.around: {
      const comma = raw!.indexOf(',');
      const at = comma + 1 + Number(raw!.slice(0, comma));
      return raw!.slice(comma + 1, at) + JSON.stringify(message) + raw!.slice(at);
    }
    default:
      return undefined;
  }
}
