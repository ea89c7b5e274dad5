/**
 * Events as rows of `log_entries` and back. The first columns are for people who write SQL, in seed 003's spelling; the
 * others hold what these cannot: digits of the time, texts with NUL, payloads.
 */

import { LEVELS, type Level, LogEvent, levelRank, parseLevel, parseStructure } from '@flywatch/core';
import {
  DEMO,
  fractionDigits,
  isLeapSecond,
  RAW_SHIFT,
  rawKindAndSide,
  STRUCTURE_IN_MESSAGE,
  unpackRaw,
  VERBATIM,
  wellFormedJson,
} from '../format/batch.ts';
import { formatSourceTime } from '../format/source-time.ts';
import { lineWords } from './line-words.ts';
import { copyValue, sqlJson, sqlText } from './sql-text.ts';

/** As logcore writes them; it has no trace, so that this one is ours. */
const LEVEL_TEXTS: Readonly<Record<Level, string>> = {
  trace: 'TRACE',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/**
 * Characters of a message that stand in its column; the whole of a longer one is in `exact`. The text index refuses a row
 * whose words take more than 1 MB, and words of URLs count several times.
 */
const MAX_MESSAGE_CHARS = 200_000;

/** The same for a row that was refused. */
const MODEST_MESSAGE_CHARS = 2000;

/** Columns of a row as {@link copyLine} writes them. */
export const COPIED_COLUMNS = [
  ...['timestamp', 'vps_name', 'app_name', 'level', 'message', 'context', 'hub', 'position', 'received_at', 'nanos'],
  ...['digits', 'rank', 'instance', 'host', 'region', 'provider', 'source', 'flags', 'structure', 'extras', 'raw_head'],
  ...['raw', 'time_text', 'exact', 'words'],
].join(', ');

/** Texts that may differ between event and column. */
type ExactTexts = { [name: string]: string };

class Texts {
  exact: ExactTexts | undefined;
  readonly #messageChars: number;

  constructor(messageChars: number) {
    this.#messageChars = messageChars;
  }

  /** The text as the column has it; where that is another one, the event's own is noted. */
  column(name: string, text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const safe = sqlText(name === 'message' ? text.slice(0, this.#messageChars) : text);
    if (safe !== text) {
      this.exact ??= {};
      this.exact[name] = text;
    }
    return safe;
  }
}

/**
 * An event as a line of COPY's text format.
 *
 * @param isModest - whether the columns that are indexed are kept small
 */
export function copyLine(event: LogEvent, isModest: boolean): string {
  const texts = new Texts(isModest ? MODEST_MESSAGE_CHARS : MAX_MESSAGE_CHARS);
  const side: string[] = [];
  let flags = (event.verbatim ? VERBATIM : 0) | (event.demo ? DEMO : 0);
  if (event.structureInMessage) flags |= STRUCTURE_IN_MESSAGE;
  flags |= rawKindAndSide(event, side) << RAW_SHIFT;
  const instance = texts.column('instance', event.instance);
  const host = texts.column('host', event.host);
  const { ownStructure, extras } = event;
  const columns = [
    microsText(event.timeMs, event.timeNanos),
    copyValue(instance ?? host),
    copyValue(texts.column('app', event.app)),
    LEVEL_TEXTS[event.level],
    copyValue(texts.column('message', event.message)),
    isModest ? '\\N' : copyValue(contextOf(event)),
    event.hub,
    String(event.position),
    microsText(event.receivedAtMs, 0),
    String(event.timeNanos % 1000),
    String(fractionDigits(event.time)),
    String(levelRank(event.level)),
    copyValue(instance),
    copyValue(host),
    copyValue(texts.column('region', event.region)),
    copyValue(texts.column('provider', event.provider)),
    copyValue(texts.column('source', event.source)),
    String(flags),
    copyValue(ownStructure === undefined ? undefined : wellFormedJson(ownStructure)),
    copyValue(extras === undefined ? undefined : wellFormedJson(extras)),
    copyValue(texts.column('rawHead', event.rawHead)),
    copyValue(texts.column('raw', side[0])),
    isLeapSecond(event) ? event.time : '\\N',
    copyValue(texts.exact === undefined ? undefined : JSON.stringify(texts.exact)),
    `{${lineWords(event).join(',')}}`,
  ];
  return `${columns.join('\t')}\n`;
}

/** Parsed fields for `context`; undefined where there are none, or none that can be written. */
function contextOf(event: LogEvent): string | undefined {
  const { fields } = event;
  for (const _ in fields) {
    try {
      return sqlJson(fields);
    } catch {
      // Nested deeper than the stack: the message has it all the same.
      return undefined;
    }
  }
  return undefined;
}

function microsText(ms: number, nanos: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, -1)}${String(Math.floor(nanos / 1000)).padStart(3, '0')}+00`;
}

/** What is read of a row, in the order of {@link Row}. */
export const READ_COLUMNS = `(extract(epoch FROM timestamp) * 1000000)::bigint, id, hub, position, message,
  (extract(epoch FROM received_at) * 1000)::bigint, nanos, digits, rank, app_name, instance, host, region, provider, source,
  flags, structure, extras, raw_head, raw, time_text, exact, CASE WHEN adopted THEN context::text END`;

type Text = string | null;

/** A row as the driver gives it in its array mode: 64-bit numbers come as text. */
export type Row = readonly [
  micros: string,
  id: string,
  hub: string,
  position: string,
  message: string,
  receivedAtMs: string,
  nanos: number,
  digits: number,
  rank: number,
  app: Text,
  instance: Text,
  host: Text,
  region: Text,
  provider: Text,
  source: Text,
  flags: number,
  structure: Text,
  extras: Text,
  rawHead: Text,
  raw: Text,
  timeText: Text,
  exact: Text,
  context: Text,
];

export function readRow(row: Row): LogEvent {
  const [microsText, , hub, position, columnMessage, receivedAtMs, belowMicro, digits, rank, ...rest] = row;
  const [app, instance, host, region, provider, source, flags, structure, extras, rawHead, raw, timeText] = rest;
  const exact = row[21] === null ? NOTHING_EXACT : (JSON.parse(row[21]) as ExactTexts);
  const text = (name: string, column: string | null) => exact[name] ?? column ?? undefined;
  const micros = Number(microsText);
  const timeMs = Math.floor(micros / 1000);
  const timeNanos = (micros - timeMs * 1000) * 1000 + belowMicro;
  const message = text('message', columnMessage)!;
  const time = timeText ?? formatSourceTime(timeMs, timeNanos, digits);
  const head = text('rawHead', rawHead);
  const ownStructure = structure ?? row[22];
  return new LogEvent({
    position: Number(position),
    hub,
    receivedAtMs: Number(receivedAtMs),
    time,
    timeMs,
    timeNanos,
    level: LEVELS[rank]!,
    message,
    app: text('app', app),
    instance: text('instance', instance),
    host: text('host', host),
    region: text('region', region),
    provider: text('provider', provider),
    source: text('source', source),
    structure: ownStructure === null ? undefined : parseStructure(ownStructure),
    structureInMessage: (flags & STRUCTURE_IN_MESSAGE) !== 0,
    extras: extras === null ? undefined : parseStructure(extras),
    raw: unpackRaw({ flags, rawHead: head, raw: text('raw', raw) }, message, time),
    rawHead: head,
    verbatim: (flags & VERBATIM) !== 0,
    demo: (flags & DEMO) !== 0,
  });
}

const NOTHING_EXACT: ExactTexts = {};

/** Rank of a level as somebody else's row spells it. */
export function rankOf(level: string): number {
  return levelRank(parseLevel(level) ?? 'info');
}
