import type { FlatEvent } from '@flywatch/core';
import { parseLogfmt, parseStructure } from '@flywatch/core';
import { expect, test } from 'vitest';
import { fieldsOf } from './event-fields.ts';
import { lineParts } from './line-parts.ts';
import { createMarker, markPieces } from './marks.ts';

let number = 0;

function event(message: string, fields = parseStructure(message) ?? parseLogfmt(message)): FlatEvent {
  const time = '2026-11-21T02:40:52.113Z';
  const base: FlatEvent = { id: `${number++}`, time, receivedAt: time, level: 'info', message };
  return fields === undefined ? base : { ...base, fields };
}

const shown = (line: FlatEvent) =>
  lineParts(line)
    .pieces.map((piece) => piece.text)
    .join('');

test.each([
  [
    '{"level":50,"msg":"request errored","req":{"method":"POST","url":"/v1/payments"},"res":{"statusCode":500}}',
    'request errored req.method=POST req.url=/v1/payments res.statusCode=500',
  ],
  ['{"level":"info","took":3}', 'took=3'],
  ['level=info msg="job done" queue=invoices took_ms=411', 'job done queue=invoices took_ms=411'],
  ['GET /v1/me status=200 ms=7', 'GET /v1/me status=200 ms=7'],
  ['{"a": broken', '{"a": broken'],
  ['', ''],
])('%j is shown as %j', (message, expected) => {
  expect(shown(event(message))).toBe(expected);
});

test('fields that came beside the message stand behind it, once', () => {
  expect(shown(event('card declined', { status: 402, request_id: 'r-17' }))).toBe(
    'card declined status=402 request_id=r-17',
  );
  expect(shown(event('card declined status=402', { status: 402 }))).toBe('card declined status=402');
});

test.each([
  ['GET / status=404', 'fw-value fw-status-4'],
  ['{"msg":"x","res":{"statusCode":503}}', 'fw-value fw-status-5'],
  ['203.0.113.24 "GET / HTTP/1.1" 502 48210', 'fw-value fw-status-5'],
  ['GET / status=200', 'fw-value'],
])('the status of %j has the look %j', (message, className) => {
  expect(lineParts(event(message)).pieces.map((piece) => piece.className)).toContain(className);
});

test('a stack trace is its first line and a count', () => {
  const frames = Array.from({ length: 14 }, (_, i) => `    at step${i} (app.js:${i})`).join('\n');
  const parts = lineParts(event(`Error: boom\n${frames}\n`));
  expect(parts.pieces.map((piece) => piece.text)).toEqual(['Error: boom']);
  expect(parts.moreLines).toBe(14);
});

test('a huge line is cut, not through a pair of surrogates, and says how much is left', () => {
  const parts = lineParts(event('😀'.repeat(50_000)));
  const text = parts.pieces.map((piece) => piece.text).join('');
  expect(text.length + parts.moreChars).toBe(100_000);
  expect(text.isWellFormed()).toBe(true);
});

test('the parts of a line are made once', () => {
  const line = event('GET / status=200');
  expect(lineParts(line)).toBe(lineParts(line));
});

test('words of a search are marked in any case, negated ones and fields of expressions are not', () => {
  const marker = createMarker('Timeout or "connection ref" -health app:shop status:>=500 /x+/');
  const pieces = markPieces([{ text: 'TIMEOUT: Connection refused, health ok', className: '' }], marker);
  expect(pieces.filter((piece) => piece.className === 'fw-mark').map((piece) => piece.text)).toEqual([
    'TIMEOUT',
    'Connection ref',
  ]);
});

test('a filter that cannot be read marks nothing', () => {
  expect(createMarker('(open')).toBeUndefined();
  expect(createMarker('')).toBeUndefined();
});

test('JSON that nobody has parsed yet shows its message and fields all the same, and what the hub says of it wins', () => {
  const line = event('{"msg":"request errored","res":{"statusCode":500},"_time":"forged"}', { _time: 'received' });
  expect(shown(line)).toBe('request errored res.statusCode=500');
  expect(fieldsOf(line)._time).toBe('received');
});
