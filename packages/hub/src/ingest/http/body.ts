/**
 * Bodies of ingest requests: unpacked piece by piece, and refused as soon as they are over a limit, packed or unpacked.
 * A small packed body can unpack to gigabytes, so that the count is kept behind the decoder too.
 */

import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { HttpError } from '../../errors.ts';

export interface BodyLimits {
  readonly maxPackedBytes: number;
  readonly maxUnpackedBytes: number;
}

type Decoder = ReturnType<typeof createGunzip>;

const DECODERS: Readonly<Record<string, () => Decoder>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress as () => Decoder,
  zstd: createZstdDecompress as () => Decoder,
};

/** Checks the headers of a body before a byte of it is read. */
export function checkEncoding(encoding: string | undefined): (() => Decoder) | undefined {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return undefined;
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (decoder === undefined) {
    throw new HttpError(
      'unsupported_encoding',
      `Content-Encoding: ${JSON.stringify(name.slice(0, 40))} cannot be read; expected gzip, deflate, br, zstd or none`,
    );
  }
  return decoder;
}

/** The unpacked pieces of a body. Throws `too_large` at the limit and `bad_request` where unpacking fails. */
export async function* readBody(
  body: Readable,
  decoder: (() => Decoder) | undefined,
  limits: BodyLimits,
): AsyncGenerator<Buffer, void, undefined> {
  const packed = joined(body, limits.maxPackedBytes);
  if (decoder === undefined) {
    yield* limits.maxUnpackedBytes < limits.maxPackedBytes
      ? limited(packed, limits.maxUnpackedBytes, 'unpacked')
      : packed;
    return;
  }
  const unpacking = decoder();
  // Fed by hand, not piped: an error on either side then arrives here and nowhere else.
  const feeding = feed(packed, unpacking);
  try {
    yield* limited(unpacking, limits.maxUnpackedBytes, 'unpacked');
    await feeding;
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const cause = await feeding.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (cause instanceof HttpError) throw cause;
    throw new HttpError('bad_request', `the body cannot be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    feeding.catch(() => {});
    unpacking.destroy();
  }
}

/**
 * The pieces of a body as they come. A client that goes away in the middle is its own fault, not one of the hub. Who stops
 * reading leaves the body as it is: destroyed, it would take the socket with it, and the answer could not be sent.
 */
export async function* arriving(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw lost(cause);
  }
}

function lost(cause: unknown): HttpError {
  return new HttpError('bad_request', 'the connection was lost before the body was complete', { cause });
}

/** Pieces below this are put together. */
const SMALL_PIECE_BYTES = 4096;
const JOINED_BYTES = 64 * 1024;

/**
 * A packed body in pieces of a good size, up to a limit. In chunks of one byte it would cost a hundred times its size as
 * buffers: small pieces are copied together as they come in. By events and not by iteration, which would take each chunk
 * as a promise, and only after the stream has queued 65,000 of them.
 */
async function* joined(body: Readable, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  const ready: Buffer[] = [];
  let held = Buffer.alloc(0);
  let length = 0;
  let bytes = 0;
  const progress: { outcome?: 'ended' | HttpError } = {};
  let wake = () => {};
  const finishHeld = () => {
    if (length > 0) ready.push(held.subarray(0, length));
    length = 0;
  };
  const settle = (outcome: 'ended' | HttpError) => {
    progress.outcome ??= outcome;
    wake();
  };
  const onData = (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > maxBytes) {
      body.pause();
      settle(tooLarge(maxBytes, 'packed'));
      return;
    }
    if (length + piece.length > JOINED_BYTES) finishHeld();
    if (length === 0 && piece.length >= SMALL_PIECE_BYTES) ready.push(piece);
    else {
      // Another one each time: what was handed on may still be held.
      if (length === 0) held = Buffer.allocUnsafe(JOINED_BYTES);
      length += piece.copy(held, length);
    }
    if (ready.length === 0) return;
    body.pause();
    wake();
  };
  const onEnd = () => settle('ended');
  const onError = (error: unknown) => settle(lost(error));
  const onClose = () => settle(lost(undefined));
  if (body.destroyed) throw lost(body.errored);
  body.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  try {
    for (;;) {
      for (let piece = ready.shift(); piece !== undefined; piece = ready.shift()) yield piece;
      if (progress.outcome instanceof HttpError) throw progress.outcome;
      if (progress.outcome === 'ended') {
        if (length === 0) return;
        finishHeld();
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        body.resume();
      });
    }
  } finally {
    body.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
    body.pause();
  }
}

async function* limited(
  source: AsyncIterable<Buffer>,
  maxBytes: number,
  what: string,
): AsyncGenerator<Buffer, void, undefined> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes, what);
    yield piece;
  }
}

export function tooLarge(maxBytes: number, what: string): HttpError {
  return new HttpError(
    'too_large',
    `the body is over the limit of ${maxBytes / 1024 / 1024} MB ${what}; send smaller batches`,
  );
}

async function feed(source: AsyncIterable<Buffer>, decoder: Decoder): Promise<void> {
  try {
    for await (const piece of source) {
      if (decoder.destroyed) return;
      if (!decoder.write(piece)) await writable(decoder);
    }
    decoder.end();
  } catch (error) {
    decoder.destroy(error as Error);
    throw error;
  }
}

function writable(decoder: Decoder): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      decoder.off('drain', done);
      decoder.off('close', done);
      resolve();
    };
    decoder.on('drain', done);
    decoder.on('close', done);
  });
}
