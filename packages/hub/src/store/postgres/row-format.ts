/** Events as rows of `log_entries` and back: those that a hub wrote, and those that agents did (`adopter.ts`). */

import {
  copyValue,
  ExactTexts,
  LEVELS,
  LOG_ROW_COLUMNS,
  LogEvent,
  levelRank,
  logRow,
  microsText,
  parseLevel,
  parseStructure,
} from '@flywatch/core';
import { DEMO, RAW_SHIFT, rawKindAndSide, STRUCTURE_IN_MESSAGE, unpackRaw, VERBATIM } from '../format/packed-event.ts';
import { formatSourceTime } from '../format/source-time.ts';
import { lineWords } from './line-words.ts';

/** Columns of a row as {@link copyLine} writes them. */
export const COPIED_COLUMNS = `${LOG_ROW_COLUMNS}, hub, position, received_at, rank, flags, raw_head, raw, words, exact`;

/**
 * An event as a line of COPY's text format.
 *
 * @param isModest - whether the columns that are indexed are kept small
 */
export function copyLine(event: LogEvent, isModest: boolean): string {
  const exact = new ExactTexts();
  const side: string[] = [];
  let flags = (event.verbatim ? VERBATIM : 0) | (event.demo ? DEMO : 0);
  if (event.structureInMessage) flags |= STRUCTURE_IN_MESSAGE;
  flags |= rawKindAndSide(event, side) << RAW_SHIFT;
  const columns = [
    ...logRow(event, exact, { isModest, leansOnContext: false }),
    event.hub,
    String(event.position),
    microsText(event.receivedAtMs, 0),
    String(levelRank(event.level)),
    String(flags),
    copyValue(exact.column('rawHead', event.rawHead)),
    copyValue(exact.column('raw', side[0])),
    `{${lineWords(event).join(',')}}`,
    exact.copied,
  ];
  return `${columns.join('\t')}\n`;
}

/** What is read of a row, in the order of {@link Row}. */
export const READ_COLUMNS = `(extract(epoch FROM timestamp) * 1000000)::bigint, id, hub, position, message,
  (extract(epoch FROM received_at) * 1000)::bigint, nanos, digits, rank, app_name, instance, host, region, provider, source,
  flags, structure, extras, raw_head, raw, time_text, exact, CASE WHEN adopted THEN context::text END`;

type Text = string | null;

/** What every row ends with, whoever wrote it. */
type RowRest = readonly [
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
  ...rest: RowRest,
];

export function readRow(row: Row): LogEvent {
  const [microsText, , hub, position, columnMessage, receivedAtMs, belowMicro, digits, rank, ...rest] = row;
  const [app, instance, host, region, provider, source, flags, structure, extras, rawHead, raw, timeText] = rest;
  const exact = row[21] === null ? undefined : parseStructure(row[21]);
  const text = (name: string, column: string | null) => (exact?.[name] as string | undefined) ?? column ?? undefined;
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

/** What is read of a row that an agent wrote and no hub has adopted yet, in the order of {@link ForeignRow}. */
export const FOREIGN_COLUMNS = `(extract(epoch FROM timestamp) * 1000000)::bigint, id, message, nanos, digits, level, app_name,
  instance, coalesce(host, vps_name), region, coalesce(provider, 'agent'), source, flags, structure, extras, raw_head, raw,
  time_text, exact, context::text`;

export type ForeignRow = readonly [
  micros: string,
  id: string,
  message: string,
  nanos: number,
  digits: number,
  level: string,
  ...rest: RowRest,
];

/** As {@link readRow} will read it once it is adopted. */
export function readForeignRow(row: ForeignRow, hub: string, position: number, receivedAtMs: number): LogEvent {
  const [micros, id, message, nanos, digits, level, ...rest] = row;
  const arrival = String(receivedAtMs);
  return readRow([micros, id, hub, String(position), message, arrival, nanos, digits, rankOf(level), ...rest]);
}

/** Rank of a level as somebody else's row spells it. */
function rankOf(level: string): number {
  return levelRank(parseLevel(level) ?? 'info');
}
