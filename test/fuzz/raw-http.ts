/** HTTP by hand: bytes out, bytes in. A proper client would refuse to send most of what the targets send. */

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Tally } from './tally.ts';

export interface ExchangeOptions {
  /** Half-closes after the last byte, as a client does that wants nothing more. @defaultValue true */
  readonly end?: boolean;
  /** Cuts the connection at once after the last byte, without waiting for anything. */
  readonly abort?: boolean;
  /** Milliseconds between pieces. */
  readonly pauseMs?: number;
  /** Cuts the connection as soon as what has come satisfies this: for streams, which do not end. */
  readonly until?: (received: Buffer) => boolean;
  /** After this without an end the hub counts as hanging. @defaultValue 10 s */
  readonly timeoutMs?: number;
}

export interface Exchange {
  readonly received: Buffer;
  /** How it ended: the hub closed it, we had enough, or nobody did anything. */
  readonly ended: 'closed' | 'enough' | 'hung';
  readonly ms: number;
}

/** What is kept of an answer: streams go on for ever. */
const MAX_KEPT_BYTES = 1024 * 1024;

/** One connection: sends the pieces and takes what comes. Never throws; a reset is an end like any other. */
export async function exchange(
  port: number,
  pieces: readonly (Buffer | string)[],
  options: ExchangeOptions = {},
): Promise<Exchange> {
  const { end = true, abort = false, pauseMs = 0, until, timeoutMs = 10_000 } = options;
  const start = performance.now();
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  const received: Buffer[] = [];
  let bytes = 0;
  let ended: Exchange['ended'] = 'closed';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const timer = setTimeout(() => {
    ended = 'hung';
    socket.destroy();
  }, timeoutMs);
  socket.on('error', () => {});
  socket.on('end', () => socket.end());
  socket.on('data', (piece: Buffer) => {
    if (bytes < MAX_KEPT_BYTES) received.push(piece);
    bytes += piece.length;
    if (until?.(Buffer.concat(received)) === true) {
      ended = 'enough';
      socket.destroy();
    }
  });
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (!socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)) {
      await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    }
    if (pauseMs > 0) await pause(pauseMs);
  }
  if (abort) {
    ended = 'enough';
    // A reset half of the time: the other half of programs that die.
    if (pieces.length % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
  } else if (end && !socket.destroyed && until === undefined) socket.end();
  await closed;
  clearTimeout(timer);
  return { received: Buffer.concat(received), ended, ms: performance.now() - start };
}

export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Whether all of the body came. */
  readonly complete: boolean;
}

/** The answers in what was received; what is no HTTP is returned as `rest`. */
export function parseAnswers(received: Buffer, isHead = false): { answers: Answer[]; rest: Buffer } {
  const answers: Answer[] = [];
  let at = 0;
  while (at < received.length) {
    const headEnd = received.indexOf('\r\n\r\n', at);
    const head = headEnd === -1 ? '' : received.toString('latin1', at, headEnd);
    const status = /^HTTP\/1\.1 (\d{3}) [^\r\n]*(?:\r\n|$)/.exec(head);
    if (status === null) return { answers, rest: received.subarray(at) };
    const headers = new Map<string, string>();
    for (const line of head.split('\r\n').slice(1)) {
      const colon = line.indexOf(':');
      if (colon < 1) return { answers, rest: received.subarray(at) };
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    at = headEnd + 4;
    const code = Number(status[1]);
    if (code === 100) continue;
    const { body, next, complete } = bodyAt(received, at, code, headers, isHead);
    answers.push({ status: code, headers, body, complete });
    at = next;
  }
  return { answers, rest: Buffer.alloc(0) };
}

function bodyAt(
  received: Buffer,
  start: number,
  status: number,
  headers: ReadonlyMap<string, string>,
  isHead: boolean,
): { body: Buffer; next: number; complete: boolean } {
  if (status === 101) return { body: received.subarray(start), next: received.length, complete: true };
  // Whether it was HEAD is not known where the request could not be read: such answers have their body.
  const isRefusal = headers.get('connection') === 'close' && (status === 431 || status === 400);
  if ((isHead && !isRefusal) || status === 204 || status === 304)
    return { body: Buffer.alloc(0), next: start, complete: true };
  if (headers.get('transfer-encoding') === 'chunked') {
    const pieces: Buffer[] = [];
    for (let at = start; ; ) {
      const lineEnd = received.indexOf('\r\n', at);
      const size = lineEnd === -1 ? '' : received.toString('latin1', at, lineEnd);
      const length = /^[0-9a-f]+$/i.test(size) ? Number.parseInt(size, 16) : -1;
      if (length < 0 || lineEnd + 2 + length + 2 > received.length) {
        return { body: Buffer.concat(pieces), next: received.length, complete: false };
      }
      pieces.push(received.subarray(lineEnd + 2, lineEnd + 2 + length));
      at = lineEnd + 2 + length + 2;
      if (length === 0) return { body: Buffer.concat(pieces), next: at, complete: true };
    }
  }
  const given = headers.get('content-length');
  const end = given === undefined ? received.length : start + Number(given);
  return { body: received.subarray(start, end), next: end, complete: end <= received.length };
}

/**
 * Judges an answer as DESIGN has it: no fault of the hub, and every refusal is `{"error","code","status"}`. Counts it, and
 * returns what is wrong with it.
 */
export function judgeAnswer(answer: Answer, tally: Tally, isHead = false): string | undefined {
  const { status, headers, body, complete } = answer;
  if (status < 400) {
    tally.outcome(String(status));
    return undefined;
  }
  if (isHead) {
    tally.outcome(`${status} (HEAD)`);
    return status === 500 ? 'a fault of the hub' : undefined;
  }
  let value: { error?: unknown; code?: unknown; status?: unknown } | undefined;
  try {
    value = JSON.parse(body.toString('utf8')) as typeof value;
  } catch {
    tally.outcome(`${status} without an error body`);
    return `${status} with a body that is no JSON (complete: ${complete}): ${body.toString('latin1', 0, 200)}`;
  }
  tally.outcome(`${status} ${String(value?.code)}`);
  if (status === 500) return `a fault of the hub: ${body.toString('utf8')}`;
  const { error, code } = value ?? {};
  if (typeof error !== 'string' || error === '' || typeof code !== 'string' || value?.status !== status)
    return `${status} with a body of another form: ${body.toString('utf8', 0, 200)}`;
  if (!/^application\/json/.test(headers.get('content-type') ?? '')) return `${status} without a JSON content type`;
  return undefined;
}
