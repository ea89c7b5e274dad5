/**
 * Raw sockets: what is no HTTP, what is hardly HTTP, requests behind requests, upgrades to anything, slow and silent
 * clients, and hostile values in the headers that the hub reads. Each connection gets its answers in order and ends.
 */

import { hostileText, mutateBytes } from './hostile.ts';
import { judgeRequest } from './judge.ts';
import type { Random } from './random.ts';
import { parseAnswers } from './raw-http.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';
import { handshake } from './ws-wire.ts';

export const headers: Target = { name: 'headers', share: 0.09, run };

async function run(context: FuzzContext): Promise<void> {
  const { open, guarded, tally } = context;
  await eachCase(context, 24, async (random, index) => {
    const isGuarded = random.chance(0.3);
    const made = anyCase(random);
    const what = `case ${index}${isGuarded ? ' (guarded)' : ''}: ${made.what} ${made.pieces
      .map((piece) => piece.toString('latin1'))
      .join('')
      .slice(0, 300)}`;
    const { answers, received } = await judgeRequest(tally, {
      port: isGuarded ? guarded.port : open.port,
      pieces: made.pieces,
      what,
      isHead: made.what === 'head',
      mayBeSilent: made.mayBeSilent === true,
      options: { pauseMs: made.pauseMs ?? 0, ...(made.isStream === true ? { until: hasBegun } : undefined) },
    });
    if (isGuarded && made.isRequest === true) {
      for (const { status } of answers) {
        // 431 and 408 come from the parser, which cannot know who asks; 400 where what was asked cannot be known.
        if (status !== 401 && status !== 431) tally.finding(`${status} without a token: ${what}`);
      }
    }
    if (made.answers !== undefined && answers.length !== made.answers)
      tally.finding(`${answers.length} answers, not ${made.answers} (${received.toString('latin1', 0, 300)}): ${what}`);
  });
}

interface HeaderCase {
  readonly what: string;
  readonly pieces: readonly (Buffer | string)[];
  readonly pauseMs?: number;
  readonly mayBeSilent?: boolean;
  /** Valid HTTP for a guarded route: without a token always 401. */
  readonly isRequest?: boolean;
  readonly isStream?: boolean;
  /** Answers that have to come. */
  readonly answers?: number;
}

/** A stream or a WebSocket has begun, or there is an answer: the connection may be kept open for more. */
function hasBegun(received: Buffer): boolean {
  if (received.toString('latin1', 0, 500).includes('event-stream')) return received.includes('\nid: ');
  return parseAnswers(received).answers.some(({ complete }) => complete);
}

function request(method: string, path: string, lines: readonly string[] = []): string {
  return `${method} ${path} HTTP/1.1\r\n${['Host: 127.0.0.1', ...lines].join('\r\n')}\r\n\r\n`;
}

const METHODS = [
  ...'GET HEAD POST PUT PATCH DELETE OPTIONS TRACE PROPFIND MKCOL LOCK PURGE M-SEARCH QUERY SEARCH LINK REPORT'.split(
    ' ',
  ),
  ...['CONNECT', 'get', 'G', 'FOO', 'GETGETGET', '\x00', 'GET\t'],
];

function anyCase(random: Random): HeaderCase {
  switch (random.int(0, 13)) {
    case 0:
      return { what: 'noise', pieces: [random.bytes(random.int(1, 400))], mayBeSilent: true };
    case 1:
      return {
        what: 'mutated',
        pieces: [mutateBytes(Buffer.from(request('GET', '/logs/stream?q=a', ['Accept: */*'])), random)],
        mayBeSilent: true,
      };
    case 2: {
      const method = random.pick(METHODS);
      const path = random.pick([
        '/health',
        '/logs/stream',
        '/nowhere',
        '*',
        '/',
        'http://127.0.0.1/metrics',
        '127.0.0.1:80',
      ]);
      return {
        what: method === 'HEAD' ? 'head' : 'method',
        pieces: [request(method, path, ['Connection: close'])],
        mayBeSilent: true,
        isStream: true,
      };
    }
    case 3:
      return headerValues(random);
    case 4:
      return hugeHeaders(random);
    case 5:
      return smuggling(random);
    case 6:
      return upgrade(random);
    case 7:
      return pipeline(random);
    case 8: {
      // Byte for byte, and never to the end.
      const bytes = request('GET', '/metrics', ['Accept: text/plain']).slice(0, random.int(1, 40));
      return { what: 'slow', pieces: [...bytes].slice(0, 20), pauseMs: 2, mayBeSilent: true };
    }
    case 9:
      return { what: 'silent', pieces: [], mayBeSilent: true };
    case 10:
      return {
        what: 'no host',
        pieces: ['GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n'],
        isRequest: true,
        answers: 1,
      };
    case 11: {
      const version = random.pick(['HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.2', 'HTTP/11.1', 'HTP/1.1', '']);
      return { what: 'version', pieces: [`GET /health ${version}\r\nHost: x\r\n\r\n`], mayBeSilent: true };
    }
    case 12:
      return {
        what: 'expect',
        pieces: [
          request('GET', '/metrics', [
            `Expect: ${random.pick(['100-continue', 'x', '', '200-ok'])}`,
            'Connection: close',
          ]),
        ],
        isRequest: true,
        answers: 1,
      };
    default:
      return signIn(random);
  }
}

const NAMES = [
  ...'Origin Cookie Authorization Last-Event-ID Accept Host Content-Type Content-Encoding Batch-Id If-None-Match'.split(
    ' ',
  ),
  ...'X-Forwarded-For X-Forwarded-Proto Access-Control-Request-Method Range Forwarded Referer __proto__'.split(' '),
];

function headerValues(random: Random): HeaderCase {
  const lines = random.list(1, 6, () => `${random.pick(NAMES)}: ${headerValue(random)}`);
  const path = random.pick(['/logs/stream', '/api/logs', '/metrics', '/logs/buffer/stats', '/openapi.json']);
  const method = random.pick(['GET', 'GET', 'OPTIONS', 'DELETE']);
  return {
    what: 'values',
    pieces: [request(method, path, [...lines, 'Connection: close'])],
    isRequest: !lines.some((line) => line.startsWith('Host')),
    isStream: true,
  };
}

function headerValue(random: Random): string {
  const text = random.pick([
    'http://evil.example',
    'null',
    'http://127.0.0.1',
    'http://[::1',
    'javascript:alert(1)',
    'flywatch_session=; flywatch_session=x',
    `flywatch_session=${'A'.repeat(500)}`,
    '=;=;;;==',
    'Bearer',
    `Bearer ${' '.repeat(3000)}x`,
    'Basic dXNlcjpwYXNz',
    'bearer\tx',
    '00kq3v0x9f2-h7c2d',
    'zzzzzzzzzzz-zzzzz',
    'text/plain, application/openmetrics-text',
    'GET',
    '"x", "y"',
    ','.repeat(2000),
    hostileText(random, 300),
  ]);
  // A value ends at a line break, and some bytes cannot stand in one: those are the business of other cases.
  return text
    .replace(/[\0-\x08\x0a-\x1f\x7f]/g, '')
    .replace(/[^\0-\xff]/g, '?')
    .trim();
}

function hugeHeaders(random: Random): HeaderCase {
  const lines = random.pick([
    [`X-Big: ${'x'.repeat(random.int(10_000, 100_000))}`],
    Array.from({ length: random.int(100, 3000) }, (_, i) => `X-${i}: y`),
    [`Cookie: ${'a=b; '.repeat(random.int(100, 10_000))}`],
    Array.from({ length: random.int(2, 200) }, () => `Origin: http://${'x'.repeat(50)}`),
  ]);
  return {
    what: 'huge',
    pieces: [request('GET', '/metrics', [...lines, 'Connection: close'])],
    isRequest: true,
    answers: 1,
  };
}

function smuggling(random: Random): HeaderCase {
  const hidden = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
  const lines = random.pick([
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    ['Transfer-Encoding: xchunked'],
    ['Transfer-Encoding : chunked'],
    ['Transfer-Encoding:\x0bchunked'],
    ['Content-Length: 4', 'Content-Length: 5'],
    ['Content-Length: +4'],
    ['Content-Length: 4, 4'],
    [' folded: x'],
    ['X: y\n\nGET /metrics HTTP/1.1\r\nHost: x'],
    ['X: y\rZ: w'],
  ]);
  const body = random.pick(['0\r\n\r\n', '4\r\nabcd\r\n0\r\n\r\n', '1;\n\r\n0\r\n\r\n', 'abcd']);
  return { what: 'smuggling', pieces: [request('POST', '/ingest/logs', lines) + body + hidden], mayBeSilent: true };
}

function upgrade(random: Random): HeaderCase {
  const broken = random.pick<Record<string, string | undefined>>([
    {},
    { 'Sec-WebSocket-Key': undefined },
    { 'Sec-WebSocket-Key': 'short' },
    { 'Sec-WebSocket-Version': '12' },
    { 'Sec-WebSocket-Version': undefined },
    { 'Sec-WebSocket-Protocol': ',,' },
    { 'Sec-WebSocket-Protocol': 'a, a' },
    { 'Sec-WebSocket-Extensions': 'permessage-deflate; x="' },
    { Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' },
    { Upgrade: 'WebSocket, h2c' },
    { Upgrade: undefined },
    { Connection: 'close' },
    { Connection: 'keep-alive, Upgrade' },
    { Origin: 'http://evil.example' },
    { Host: undefined },
    { 'Content-Length': '10' },
    { 'Transfer-Encoding': 'chunked' },
  ]);
  const path = random.pick([
    '/logs/ws',
    '/logs/ws',
    '/metrics/ws',
    '/logs/stream',
    '/health',
    '/nowhere',
    '/logs/ws?tail=x',
  ]);
  const head = handshake(path, broken).replace(/^GET/, random.chance(0.1) ? 'POST' : 'GET');
  const early = random.pick(['', '', 'early bytes', '\x81\x80\x00\x00\x00\x00']);
  const isRequest =
    early === '' &&
    path !== '/health' &&
    broken['Content-Length'] === undefined &&
    broken['Transfer-Encoding'] === undefined;
  return {
    what: 'upgrade',
    pieces: [head + early],
    isStream: true,
    isRequest,
    mayBeSilent: true,
  };
}

/** Requests behind requests: the answers come in their order, and nothing comes after a stream has begun. */
function pipeline(random: Random): HeaderCase {
  const plain = ['/health', '/metrics', '/openapi.json', '/nowhere', '/ui/', '/logs/buffer/stats'];
  const paths = random.list(1, 20, () => random.pick(plain));
  const text = paths.map((path) => request('GET', path)).join('');
  if (random.chance(0.5)) return { what: 'pipeline', pieces: [text], answers: paths.length };
  const behind = random.list(0, 10, () =>
    random.pick([request('GET', '/logs/stream'), request('GET', '/health'), handshake('/logs/ws')]),
  );
  return {
    what: 'behind a stream',
    pieces: [text + request('GET', '/logs/stream?tail=10') + behind.join('')],
    mayBeSilent: true,
  };
}

function signIn(random: Random): HeaderCase {
  const body = random.pick([
    '',
    '{}',
    '{"token":"wrong"}',
    '{"token":1}',
    '{"token":',
    '[]',
    'null',
    '"x"',
    '{"__proto__":{"token":"x"}}',
    'x'.repeat(random.int(1, 20_000)),
    hostileText(random, 300).replace(/[^\0-\xff]/g, '?'),
  ]);
  const method = random.pick(['POST', 'POST', 'DELETE']);
  return {
    what: 'sign in',
    pieces: [
      request(method, '/session', [
        `Content-Length: ${body.length}`,
        'Content-Type: application/json',
        'Connection: close',
      ]) + body,
    ],
    answers: 1,
    // A wrong token waits for its answer, and a half-closed connection does not.
    isStream: true,
  };
}
