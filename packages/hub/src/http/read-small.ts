/** Bodies that are small by nature: read whole, up to a limit. */

import type { Readable } from 'node:stream';
import { HttpError } from '../errors.ts';
import { arriving } from '../ingest/http/body.ts';

export async function readSmall(body: Readable, maxBytes: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of arriving(body)) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new HttpError('too_large', `the body is over the limit of ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
