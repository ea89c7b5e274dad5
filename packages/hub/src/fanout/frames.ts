/**
 * Bytes on the wire. Frames are made once and shared by all readers of one kind, so that everything that belongs to a
 * reader alone (masking, compression) is absent: a server's WebSocket frames are unmasked, and a chunk of HTTP/1.1 is the
 * same for everybody who gets the same bytes.
 */

/** Ways in which bytes reach a reader; `sse-identity` is for clients of HTTP/1.0, which knows no chunks. */
export type Wire = 'sse' | 'sse-identity' | 'ws';

/** One SSE block: `id`, an optional event name, data of one line. */
export function sseFrame(id: string, data: string, event?: string): Buffer {
  const name = event === undefined ? '' : `event: ${event}\n`;
  return Buffer.from(`${name}id: ${id}\ndata: ${data}\n\n`);
}

const TEXT_FRAME = 0x81;

/** One unmasked, final WebSocket text frame (RFC 6455, section 5.2). */
export function wsTextFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_FRAME;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
  frame.write(text, header, 'utf8');
  return frame;
}

const CRLF = Buffer.from('\r\n');

/** Frames joined into what one write sends: a chunk of HTTP/1.1 for `sse`, the bare bytes for the others. */
export function joinFrames(frames: readonly Uint8Array[], wire: Wire): Buffer {
  if (wire !== 'sse') return frames.length === 1 ? asBuffer(frames[0]!) : Buffer.concat(frames);
  let length = 0;
  for (const frame of frames) length += frame.length;
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...frames, CRLF]);
}

/** The chunk that ends a body of HTTP/1.1. */
export const LAST_CHUNK = Buffer.from('0\r\n\r\n');

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
