/**
 * `POST /ingest/metrics` and `/ingest/checks`: rows of figures and of checks, as a JSON array, one object, or NDJSON. A batch is
 * some hundred rows and is handed on as a whole, since it is kept as a whole or not at all.
 */

import { HttpError } from '../../errors.ts';
import type { BodyReader, BodyRequest, OpenBody } from './body-reader.ts';
import { JsonSplitter } from './json-splitter.ts';
import { LineSplitter } from './line-splitter.ts';
import { mediaType } from './media-type.ts';

export interface RowIngestOptions {
  readonly bodies: BodyReader;
  readonly maxRows: number;
  readonly maxRowBytes: number;
}

/** What an array and a row take besides the row's bytes, parsed and not parsed. */
const ROW_BYTES = 256;

export type RowKind = 'metrics' | 'checks';

interface TakenRows {
  readonly accepted: number;
  /** Whether they had come before. */
  readonly duplicate: boolean;
}

export class RowIngest {
  readonly #options: RowIngestOptions;
  /** Rows that were taken since start, and requests that were refused. */
  readonly counters: Record<RowKind | 'refused', number> = { metrics: 0, checks: 0, refused: 0 };

  constructor(options: RowIngestOptions) {
    this.#options = options;
  }

  /** Hands the texts of the rows to `keep`, and comes to what that comes to. */
  async take<T extends TakenRows>(
    kind: RowKind,
    request: BodyRequest,
    keep: (texts: readonly string[], batchId: string | undefined) => Promise<T>,
  ): Promise<T> {
    try {
      const taken = await this.#options.bodies.read(request, async (body) => {
        const isJson = mediaType(request.headers['content-type']) === 'json';
        return keep(await this.#read(body, isJson), body.batchId);
      });
      if (!taken.duplicate) this.counters[kind] += taken.accepted;
      return taken;
    } catch (error) {
      this.counters.refused++;
      throw error;
    }
  }

  async #read(body: OpenBody, isJson: boolean): Promise<string[]> {
    const { maxRows, maxRowBytes } = this.#options;
    const texts: string[] = [];
    const keep = (text: string) => {
      // A blank line is none; an empty text in an array is a row, and a wrong one.
      if (!isJson && text.trim() === '') return;
      if (texts.length === maxRows)
        throw new HttpError('too_large', `the body holds more than ${maxRows} rows; send smaller batches`);
      texts.push(text);
    };
    const splitter = isJson ? new JsonSplitter(maxRowBytes) : new LineSplitter(maxRowBytes, true);
    let unpacked = 0;
    try {
      for await (const piece of body.pieces) {
        unpacked += piece.length;
        for (const text of splitter.push(piece)) keep(text);
        body.hold(unpacked + texts.length * ROW_BYTES);
      }
      if (splitter instanceof JsonSplitter) splitter.end();
      else for (const text of splitter.end()) keep(text);
    } catch (error) {
      if (error instanceof RangeError)
        throw new HttpError('too_large', `a row of more than ${maxRowBytes} bytes`, { cause: error });
      if (!(error instanceof SyntaxError)) throw error;
      throw new HttpError(
        'bad_json',
        `the body is no JSON object or array: ${error.message}; for one row a line send Content-Type: application/x-ndjson`,
      );
    }
    return texts;
  }
}
