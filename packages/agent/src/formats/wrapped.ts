/**
 * Events that cannot go as they stand: of many lines, cut, or without a line break. They become one line of JSON. What else a
 * line says of itself (pino, bunyan, winston, logcore, logfmt, nginx, Apache, syslog, journald) is recognised in
 * `packages/core/src/normalize` alone, by a hub or on the way into a database. The agent adds what only it can know: app, host, the name of the
 * file, which lines belong together, and what was left out.
 */

export interface WrapNotes {
  /** Bytes of the whole event, where only its beginning is sent. */
  readonly truncatedBytes?: number | undefined;
  /** The line break never came. */
  readonly partial?: boolean | undefined;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The event as a line of JSON, with its line break. */
export function wrapEvent(bytes: Buffer, notes: WrapNotes): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === NEWLINE) end--;
  if (bytes[end - 1] === RETURN) end--;
  const message = bytes.toString('utf8', 0, end);
  const { truncatedBytes, partial } = notes;
  return Buffer.from(
    `${JSON.stringify({ message, truncated_bytes: truncatedBytes, partial: partial || undefined })}\n`,
  );
}

/** The longest beginning of at most `maxBytes` that does not end inside a character of UTF-8. */
export function cutOnCharacter(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length <= maxBytes) return bytes;
  let end = maxBytes;
  // Up to three bytes of the form 10xxxxxx may follow the first one of a character; four are no UTF-8 at all.
  for (let back = 0; back < 4 && end > 0 && (bytes[end]! & 0xc0) === 0x80; back++) end--;
  return bytes.subarray(0, (bytes[end]! & 0xc0) === 0x80 ? maxBytes : end);
}
