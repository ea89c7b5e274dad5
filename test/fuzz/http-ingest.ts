/**
 * `POST /ingest/logs`: bodies of every kind under every type and encoding, whole, cut, corrupt, lying about their length,
 * abandoned half-way, and bombs. Each gets an answer, what is taken is counted once, and the room that a body held is
 * given back.
 */

import { once } from 'node:events';
import type { Transform } from 'node:stream';
import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { deepJson, hostileText, hostileValue, mutateBytes } from './hostile.ts';
import { Random } from './random.ts';
import { exchange, judgeAnswer, parseAnswers } from './raw-http.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';

export const httpIngest: Target = { name: 'http-ingest', share: 0.1, run };

async function run(context: FuzzContext): Promise<void> {
  const { open, tally } = context;
  const counts = async () => (await open.getJson('/metrics')).ingest_events as number;
  const before = await counts();
  let accepted = 0;
  /** Cases whose answer may not have come though the batch was taken. */
  let unsure = 0;
  await packBombs(context);
  await eachCase(context, 8, async (random, index) => {
    const request = random.chance(BOMBS) ? bomb(random) : anyRequest(random, index);
    const { received, ended, ms } = await exchange(open.port, request.pieces, request.options);
    tally.took(ms, `case ${index}`);
    if (ended === 'hung') tally.finding(`case ${index}: no end after 10 s, ${request.what}`);
    const { answers, rest } = parseAnswers(received);
    if (rest.length > 0) tally.finding(`case ${index}: no HTTP: ${rest.toString('latin1', 0, 100)}`);
    if (answers.length === 0) {
      unsure++;
      tally.outcome('no answer');
      if (!request.mayBeSilent) tally.finding(`case ${index}: no answer, ${request.what}`);
    }
    for (const answer of answers) {
      const wrong = judgeAnswer(answer, tally);
      if (wrong !== undefined) tally.finding(`case ${index}: ${wrong}, ${request.what}`);
      if (request.events !== undefined && ![200, 503].includes(answer.status))
        tally.finding(`case ${index}: ${answer.status} for a good body, ${request.what}`);
      if (answer.status !== 200) continue;
      const body = JSON.parse(answer.body.toString('utf8')) as { accepted: number; duplicate?: boolean };
      if (body.duplicate !== true) accepted += body.accepted;
      if (request.events !== undefined && body.accepted !== request.events)
        tally.finding(`case ${index}: ${body.accepted} events accepted, not ${request.events}, ${request.what}`);
    }
  });
  if (!open.isAlive) return;
  const counted = (await counts()) - before;
  if (unsure === 0 ? counted !== accepted : counted < accepted)
    tally.finding(`${counted} events counted by the hub, ${accepted} accepted in answers (${unsure} answers lost)`);
  await checkRoom(context);
}

/** Two large bodies fit side by side only where nothing is held any more. */
async function checkRoom({ open, tally }: FuzzContext): Promise<void> {
  const line = `${'x'.repeat(64 * 1024 - 1)}\n`;
  const statuses = await Promise.all(
    [1, 2].map(async () => {
      const response = await fetch(`http://127.0.0.1:${open.port}/ingest/logs`, {
        method: 'POST',
        body: line.repeat(14 * 16),
        headers: { 'content-type': 'text/plain', connection: 'close' },
      });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  if (statuses.some((status) => status !== 200))
    tally.finding(`two bodies of 14 MB got ${statuses.join(' and ')}: the room of earlier bodies was not given back`);
}

function isAnswered(received: Buffer): boolean {
  return parseAnswers(received).answers.some(({ complete }) => complete);
}

interface Request {
  readonly pieces: readonly (Buffer | string)[];
  readonly options: Parameters<typeof exchange>[2];
  /** Events that a 200 has to tell; undefined where that depends on the damage. */
  readonly events?: number | undefined;
  /** Cut off before the hub could answer. */
  readonly mayBeSilent: boolean;
  readonly what: string;
}

function anyRequest(random: Random, index: number): Request {
  if (random.chance(0.001)) return tinyChunks(random);
  const { body, type, events } = anyBody(random, index);
  const { bytes, encoding, isDamaged } = anyEncoding(body, random);
  const path = random.pick(['', '', '', '?app=x&region=y', '?app=a&app=b', `?source=${'s'.repeat(300)}`, '?app=%00']);
  const head = [
    `POST /ingest/logs${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...(random.chance(0.7) ? ['Connection: close'] : []),
    ...(type === undefined ? [] : [`Content-Type: ${type}`]),
    ...(encoding === undefined ? [] : [`Content-Encoding: ${encoding}`]),
    ...(random.chance(0.1) ? [`Batch-Id: ${batchId(random)}`] : []),
    ...(random.chance(0.03) ? [`Expect: ${random.pick(['100-continue', '100-Continue', 'the-unexpected'])}`] : []),
  ];
  const framed = anyFraming(bytes, random);
  const what = `${head.slice(3).join(', ')}; ${bytes.length} bytes, ${framed.what}`;
  const isKnown =
    events !== undefined && !isDamaged && framed.isHonest && !/Batch-Id/.test(what) && !/app=b|source=/.test(path);
  return {
    pieces: [`${[...head, ...framed.head].join('\r\n')}\r\n\r\n`, ...framed.pieces],
    options: {
      abort: framed.abort,
      // Node takes a half-closed connection for a lost one, as most servers do: who wants an answer stays.
      ...(framed.isHonest ? { until: isAnswered } : undefined),
      pauseMs: framed.pieces.length < 5 && random.chance(0.05) ? 3 : 0,
    },
    events: isKnown ? events : undefined,
    mayBeSilent: framed.abort || !framed.isHonest,
    what,
  };
}

function anyBody(random: Random, index: number): { body: Buffer; type: string | undefined; events?: number } {
  const values = random.list(0, 20, () => hostileValue(random));
  const texts = values.map((value) => JSON.stringify(value) ?? 'null');
  switch (random.int(0, 9)) {
    case 0:
      return {
        body: Buffer.from(`[${texts.join(random.pick([',', ' , ', '\n,\n']))}]`),
        type: JSON_TYPE,
        events: texts.length,
      };
    case 1:
      return {
        body: Buffer.from(`${random.pick(['', ' ', '\ufeff'])}{"message":"m ${index}"}`),
        type: JSON_TYPE,
        events: 1,
      };
    case 2:
      return { body: Buffer.from(texts.join('\n')), type: 'application/x-ndjson', events: texts.length };
    case 3:
      return { body: mutateBytes(Buffer.from(`[${texts.join(',')}]`), random), type: anyType(random) };
    case 4:
      return { body: random.bytes(random.size(5000)), type: anyType(random) };
    case 5:
      return { body: Buffer.from(hostileText(random, 5000)), type: anyType(random) };
    case 6:
      return {
        body: Buffer.from(`[${texts.join(',')}]${random.pick([']', ',', 'x', '[]', '\0', '{}'])}`),
        type: JSON_TYPE,
      };
    case 7:
      return random.chance(0.1)
        ? { body: Buffer.from(deepJson(random)), type: anyType(random) }
        : { body: Buffer.alloc(0), type: anyType(random) };
    case 8:
      return { body: Buffer.from('\n'.repeat(random.size(3000))), type: anyType(random) };
    default:
      return { body: Buffer.from('line\r\n'.repeat(random.size(500))), type: anyType(random) };
  }
}

const JSON_TYPE = 'application/json';

function anyType(random: Random): string | undefined {
  return random.pick([
    undefined,
    JSON_TYPE,
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/vnd.x+json',
    'application/x-ndjson',
    'text/plain',
    'text/plain; charset=latin1',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
    '/',
    ';',
    '*/*',
    'a/b/c',
    '\x80\xff',
    `text/${'x'.repeat(2000)}`,
    '__proto__',
  ]);
}

function anyEncoding(
  body: Buffer,
  random: Random,
): { bytes: Buffer; encoding: string | undefined; isDamaged: boolean } {
  const [encoding, pack] = random.pick([
    [undefined, (bytes: Buffer) => bytes],
    [undefined, (bytes: Buffer) => bytes],
    ['identity', (bytes: Buffer) => bytes],
    ['gzip', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
    ['x-gzip', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
    ['GZIP', (bytes: Buffer) => gzipSync(bytes, { level: 1 })],
    ['deflate', (bytes: Buffer) => deflateSync(bytes)],
    ['br', (bytes: Buffer) => brotliCompressSync(bytes, FAST_BROTLI)],
    ['zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
  ] as const);
  const packed = pack(body);
  if (random.chance(0.7)) return { bytes: packed, encoding, isDamaged: false };
  switch (random.int(0, 4)) {
    case 0:
      return { bytes: mutateBytes(packed, random), encoding, isDamaged: true };
    case 1:
      return { bytes: packed.subarray(0, random.int(0, packed.length)), encoding, isDamaged: true };
    case 2:
      return { bytes: Buffer.concat([packed, random.pick([packed, random.bytes(20)])]), encoding, isDamaged: true };
    case 3:
      return { bytes: deflateRawSync(body), encoding: random.pick(['gzip', 'deflate', 'br', 'zstd']), isDamaged: true };
    default:
      return {
        bytes: packed,
        encoding: random.pick([
          'compress',
          'gzip, gzip',
          'gzip,',
          '__proto__',
          'constructor',
          ' ',
          '\x80',
          'x'.repeat(500),
        ]),
        isDamaged: true,
      };
  }
}

const FAST_BROTLI = { params: { 0: 0, 1: 1 } };

interface Framed {
  readonly head: readonly string[];
  readonly pieces: readonly (Buffer | string)[];
  /** Whether the body on the wire is what was meant, all of it. */
  readonly isHonest: boolean;
  readonly abort: boolean;
  readonly what: string;
}

function anyFraming(bytes: Buffer, random: Random): Framed {
  const honest = { isHonest: true, abort: false };
  const lying = { isHonest: false, abort: false };
  const plain = { head: [`Content-Length: ${bytes.length}`], pieces: [bytes] };
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  switch (random.int(0, 11)) {
    case 0:
      return { head: CHUNKED, pieces: chunks(bytes, random), ...honest, what: 'chunked' };
    case 1:
      return { head: CHUNKED, pieces: oddChunks(bytes, random), ...lying, what: 'odd chunks' };
    case 2:
      return { head: plain.head, pieces: [half], isHonest: false, abort: true, what: 'aborted' };
    case 3:
      return {
        head: CHUNKED,
        pieces: chunks(bytes, random).slice(0, -1),
        isHonest: false,
        abort: true,
        what: 'aborted chunks',
      };
    case 4:
      return { head: plain.head, pieces: [half], ...lying, what: 'ends early' };
    case 5:
      return {
        head: [`Content-Length: ${Math.floor(bytes.length / 2)}`],
        pieces: [bytes],
        ...lying,
        what: 'ends late',
      };
    case 6: {
      const length = random.pick(['-1', '1e3', '0x10', '99999999999999999999', '', 'NaN', '1 1', '17825792', '+5']);
      return { head: [`Content-Length: ${length}`], pieces: [bytes], ...lying, what: `length ${length}` };
    }
    case 7:
      return { head: [...plain.head, ...CHUNKED], pieces: [bytes], ...lying, what: 'both framings' };
    case 8:
      return { head: [], pieces: [bytes], ...lying, what: 'no framing' };
    default:
      return { ...plain, ...honest, what: 'plain' };
  }
}

const CHUNKED = ['Transfer-Encoding: chunked'];

function chunks(bytes: Buffer, random: Random): (Buffer | string)[] {
  const pieces: (Buffer | string)[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + random.size(1000));
    const extension = random.chance(0.05) ? ';a=b' : '';
    pieces.push(
      Buffer.concat([
        Buffer.from(`${(end - at).toString(16)}${extension}\r\n`),
        bytes.subarray(at, end),
        Buffer.from('\r\n'),
      ]),
    );
    at = end;
  }
  return [...pieces, random.chance(0.1) ? '0\r\nTrailer: x\r\n\r\n' : '0\r\n\r\n'];
}

function oddChunks(bytes: Buffer, random: Random): (Buffer | string)[] {
  return [
    ...chunks(bytes, random).slice(0, -1),
    random.pick([
      '-1\r\n',
      'ffffffffffffffff\r\n',
      'g\r\n',
      '0\r\n',
      '0\n\n',
      '\r\n\r\n',
      `5;${'x'.repeat(20_000)}\r\n`,
      '5\r\nabcdefgh',
    ]),
  ];
}

function batchId(random: Random): string {
  return random.pick(['a', '__proto__', 'b'.repeat(200), 'b'.repeat(201), '\x80', String(random.int(0, 1e6))]);
}

/** A byte a chunk: each is a buffer of its own on the way in. */
function tinyChunks(random: Random): Request {
  const chunk = Buffer.from(random.pick(['1\r\na\r\n', '1\r\n\n\r\n', '1;x=y\r\n1\r\n']));
  const pieces = Array.from({ length: 50 }, () => Buffer.alloc(chunk.length * 20_000, chunk));
  const head = [
    'POST /ingest/logs HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: close',
    'Content-Type: text/plain',
    ...CHUNKED,
  ];
  return {
    pieces: [`${head.join('\r\n')}\r\n\r\n`, ...pieces, '0\r\n\r\n'],
    options: { timeoutMs: 30_000, until: isAnswered },
    mayBeSilent: false,
    what: 'a million chunks of a byte',
  };
}

/** Small bodies that unpack to far more than the limit; made once. */
const bombs = new Map<string, Buffer>();

/** Share of cases that are bombs. */
const BOMBS = 0.003;

const PACKERS = [
  ['gzip', () => createGzip({ level: 1 })],
  ['deflate', () => createDeflate({ level: 1 })],
  ['br', () => createBrotliCompress(FAST_BROTLI)],
  ['zstd', () => createZstdCompress()],
] as const;

const MB = 1024 * 1024;
const LINES = ['text/plain', 'application/x-ndjson'];

/** What costs far more than its bytes: each may become an event, an element, or an object in memory. */
const FILLINGS = [
  { name: 'zeros', start: '', filling: '\0', bytes: 1024 * MB, types: [...LINES, JSON_TYPE] },
  { name: 'line breaks', start: '', filling: '\n', bytes: 60 * MB, types: LINES },
  { name: 'elements', start: '[', filling: '1,', bytes: 60 * MB, types: [JSON_TYPE] },
  { name: 'objects in one', start: '{"a":[', filling: '{},', bytes: 60 * MB, types: [...LINES, JSON_TYPE] },
  { name: 'depth', start: '', filling: '[', bytes: 60 * MB, types: [...LINES, JSON_TYPE] },
  { name: 'long lines', start: '', filling: `${'é'.repeat(2 * MB)}\n`, bytes: 60 * MB, types: LINES },
  {
    name: 'wide lines',
    start: '',
    filling: `{"message":"x","a":[${'{},'.repeat(100_000)}{}]}\n`,
    bytes: 60 * MB,
    types: LINES,
  },
] as const;

function pickBomb(random: Random) {
  const [encoding, createPacker] = random.pick(PACKERS);
  const filled = random.pick(FILLINGS);
  return { encoding, createPacker, ...filled, key: `${encoding} ${filled.name}` };
}

/** All that a run needs, one after the other and before it begins: packing takes more of the machine than unpacking. */
async function packBombs({ seed, cases, tally }: FuzzContext): Promise<void> {
  for (let index = 0; index < cases; index++) {
    const random = new Random(`${seed} ${tally.name} ${index}`);
    if (!random.chance(BOMBS)) continue;
    const { key, createPacker, start, filling, bytes } = pickBomb(random);
    if (!bombs.has(key)) bombs.set(key, await pack(createPacker(), start, filling, bytes));
  }
}

function bomb(random: Random): Request {
  const { key, encoding, name, types } = pickBomb(random);
  const packed = bombs.get(key)!;
  const type = random.pick(types);
  const head = [
    'POST /ingest/logs HTTP/1.1',
    'Host: 127.0.0.1',
    'Connection: close',
    `Content-Type: ${type}`,
    `Content-Encoding: ${encoding}`,
    `Content-Length: ${packed.length}`,
  ];
  return {
    pieces: [`${head.join('\r\n')}\r\n\r\n`, packed],
    options: { timeoutMs: 60_000, until: isAnswered },
    mayBeSilent: false,
    what: `a bomb of ${name}, ${encoding}, as ${type}`,
  };
}

/** Piece by piece, on zlib's own threads: the clients of this process must not stand still meanwhile. */
async function pack(packer: Transform, start: string, filling: string, bytes: number): Promise<Buffer> {
  const piece = Buffer.from(filling.repeat(Math.max(1, Math.floor(MB / filling.length))));
  const packed = packer.toArray() as Promise<Buffer[]>;
  packer.write(start);
  for (let written = 0; written < bytes; written += piece.length) {
    if (!packer.write(piece)) await once(packer, 'drain');
  }
  packer.end();
  return Buffer.concat(await packed);
}
