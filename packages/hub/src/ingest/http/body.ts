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
  const packed = limited(body, limits.maxPackedBytes, 'packed');
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
