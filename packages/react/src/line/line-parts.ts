/**
 * What a row shows of an event: the first line of its message, what its structure says behind it, and how much is folded
 * away. Data, and made once a line: scrolling back to a line costs nothing again.
 */

import { type Fields, type FlatEvent, stripAnsi } from '@flywatch/core';
import { ansiPieces } from './ansi.ts';
import { controlPieces } from './controls.ts';
import { fieldsOf } from './event-fields.ts';
import { fieldText, flatFields } from './flat-fields.ts';
import type { Piece } from './piece.ts';

export interface LineParts {
  readonly pieces: readonly Piece[];
  /** Lines of the message that are folded away. */
  readonly moreLines: number;
  /** Characters of the first line that are folded away. */
  readonly moreChars: number;
}

/** Characters of a row: more than any screen is wide; the unfolded line has the rest. */
const ROW_CHARS = 1_000;

/** Fields shown behind a message. */
const MAX_PAIRS = 24;

/** Characters of one value in a row. */
const VALUE_CHARS = 200;

/** Lines whose parts are kept: some screens in either direction. */
const MAX_KEPT = 4_000;

const kept = new Map<FlatEvent, LineParts>();

export function lineParts(event: FlatEvent): LineParts {
  let parts = kept.get(event);
  if (parts === undefined) {
    if (kept.size >= MAX_KEPT) kept.clear();
    parts = makeParts(event);
    kept.set(event, parts);
  }
  return parts;
}

function makeParts(event: FlatEvent): LineParts {
  const fields = fieldsOf(event);
  const words = wordsOf(event.message, fields);
  const message = words ?? event.message;
  const lineEnd = message.search(/\r?\n/);
  const first = lineEnd === -1 ? message : message.slice(0, lineEnd);
  const moreLines = lineEnd === -1 ? 0 : message.trimEnd().split('\n').length - 1;
  const shown = cutAt(first, ROW_CHARS);
  const pieces = first.includes('\x1b') ? ansiPieces(shown) : textPieces(shown);
  // What is in the text already is not said twice.
  const said = words === undefined ? stripAnsi(message) : words;
  for (const [name, value] of flatFields(fields, MAX_PAIRS, isUnsaid)) {
    const key = name.replace(/^(?:context|meta)\./, '');
    if (!said.includes(`${key}=`)) pieces.push(...pairPieces(pieces.length === 0 ? '' : ' ', key, fieldText(value)));
  }
  return { pieces, moreLines, moreChars: first.length - shown.length };
}

/** The message inside of a JSON or logfmt line; empty where it has none, undefined where the line is plain text. */
function wordsOf(message: string, fields: Readonly<Fields>): string | undefined {
  const isJson = /^\s*\{/.test(message);
  if (!isJson && !/^(?:time|ts|level|lvl)=/.test(message)) return undefined;
  for (const key of ['msg', 'message']) {
    const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return isJson && Object.keys(fields).some((key) => !isUnsaid(key)) ? '' : undefined;
}

/** Said elsewhere in the row, or of no use to a reader who scans: the unfolded line has them. */
const UNSAID: ReadonlySet<string> = new Set(
  'level lvl severity time ts timestamp @timestamp msg message pid hostname v logger name demo source'.split(' '),
);

/** The hub's own notes begin with `_`. */
function isUnsaid(name: string): boolean {
  return UNSAID.has(name) || name.startsWith('_');
}

/** `key=value` in a line of words: the key steps back. An access log's status has no key and counts too. */
const PAIR = /(^|\s)([A-Za-z_][\w.-]{0,40}=)("[^"]*"|[^\s"]\S*)|(?<=\sHTTP\/[\d.]{1,3}" )([45]\d\d)(?=\s|$)/g;

function textPieces(text: string): Piece[] {
  if (!text.includes('=') && !text.includes(' HTTP/')) return controlPieces(text);
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(PAIR)) {
    const [, gap = '', key, value, status] = match;
    const start = match.index + gap.length;
    if (start > from) pieces.push(...controlPieces(text.slice(from, start)));
    if (status !== undefined) pieces.push({ text: status, className: statusClass(status) });
    else pieces.push(...pairPieces('', key!.slice(0, -1), value!));
    from = match.index + match[0].length;
    if (pieces.length > 2 * MAX_PAIRS) break;
  }
  if (from < text.length) pieces.push(...controlPieces(text.slice(from)));
  return pieces;
}

function pairPieces(gap: string, key: string, value: string): Piece[] {
  const cut = cutAt(value, VALUE_CHARS);
  return [...controlPieces(`${gap}${key}=`, 'fw-key'), ...controlPieces(cut, valueClass(key, cut))];
}

/** HTTP statuses are worth a look from 400 on. */
function valueClass(key: string, value: string): string {
  return /status(?:_?code)?$/i.test(key) && /^[45]\d\d$/.test(value) ? statusClass(value) : 'fw-value';
}

function statusClass(status: string): string {
  return status.startsWith('5') ? 'fw-value fw-status-5' : 'fw-value fw-status-4';
}

/** At most so many characters, and no half of a pair of surrogates. */
export function cutAt(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const last = text.charCodeAt(chars - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? chars - 1 : chars);
}
