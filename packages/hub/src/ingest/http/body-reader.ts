/**
 * Bodies of all `/ingest/*` routes: judged by their headers, unpacked piece by piece, and held against one budget for as long
 * as something is made of them.
 */

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { HttpError } from '../../errors.ts';
import { type BodyLimits, checkEncoding, readBody, tooLarge } from './body.ts';
import { BodyBudget } from './body-budget.ts';

export interface BodyReaderOptions extends BodyLimits {
  /** Bytes of all bodies that are held at once. */
  readonly maxInFlightBytes: number;
  readonly batchIdMaxChars: number;
}

export interface BodyRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export interface OpenBody {
  /** The `Batch-Id`; undefined where none was given. */
  readonly batchId: string | undefined;
  readonly pieces: AsyncIterable<Buffer>;
  /** Says how much is held of it by now. Throws `overloaded` where others hold the rest. */
  hold(bytes: number): void;
}

export class BodyReader {
  readonly #options: BodyReaderOptions;
  readonly #budget: BodyBudget;

  constructor(options: BodyReaderOptions) {
    this.#options = options;
    this.#budget = new BodyBudget(options.maxInFlightBytes);
  }

  /** Hands a body to `use`, or throws an {@link HttpError} before a byte of it is read. */
  async read<T>({ headers, body }: BodyRequest, use: (body: OpenBody) => Promise<T>): Promise<T> {
    const batchId = this.#batchId(headers['batch-id']);
    const decoder = checkEncoding(headers['content-encoding']);
    const share = this.#budget.open(this.#contentLength(headers['content-length']));
    if (share === undefined) throw overloaded();
    try {
      return await use({
        batchId,
        pieces: readBody(body, decoder, this.#options),
        hold: (bytes) => {
          if (bytes > share.bytes && !share.grow(bytes - share.bytes)) throw overloaded();
        },
      });
    } finally {
      share.close();
    }
  }

  #batchId(header: string | string[] | undefined): string | undefined {
    if (header === undefined || header === '') return undefined;
    const id = String(header);
    const { batchIdMaxChars } = this.#options;
    if (id.length > batchIdMaxChars) {
      throw new HttpError(
        'bad_parameter',
        `Batch-Id: an id of ${id.length} characters cannot be used; expected at most ${batchIdMaxChars}`,
      );
    }
    return id;
  }

  #contentLength(header: string | undefined): number {
    const length = header === undefined ? 0 : Number(header);
    const { maxPackedBytes } = this.#options;
    if (length > maxPackedBytes) throw tooLarge(maxPackedBytes, 'packed');
    return Number.isFinite(length) ? length : 0;
  }
}

function overloaded(): HttpError {
  return new HttpError(
    'overloaded',
    'as many bodies are being read as the hub may hold; send this one again in a second',
    { headers: { 'retry-after': '1' } },
  );
}
