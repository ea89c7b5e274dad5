/**
 * Lines out of pieces of bytes. Line breaks are `\n` and `\r\n`; a last line without one counts; a leading BOM goes. Of a
 * line that is far too long only the beginning is held, as it will be cut anyway: a body of 64 MB may be one line.
 */

const NEWLINE = 0x0a;
const RETURN = 0x0d;

export class LineSplitter {
  #parts: Buffer[] = [];
  /** Bytes of the line that is being read, held or not. */
  #bytes = 0;
  #first = true;
  readonly #maxHeldBytes: number;

  readonly #skipsEmpty: boolean;

  /** `skipsEmpty`: lines without a byte are nothing; 64 MB of them cost ten seconds one by one. */
  constructor(maxHeldBytes: number, skipsEmpty = false) {
    this.#maxHeldBytes = maxHeldBytes;
    this.#skipsEmpty = skipsEmpty;
  }

  /** The lines that end in this piece, in order. */
  *push(piece: Buffer): IterableIterator<string> {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      if (end > start || this.#parts.length > 0 || !this.#skipsEmpty) yield this.#line(piece.subarray(start, end));
      start = end + 1;
    }
    if (start < piece.length) this.#hold(piece.subarray(start));
  }

  /** What is left after the last line break, if anything. */
  *end(): IterableIterator<string> {
    if (this.#parts.length > 0) yield this.#line(Buffer.alloc(0));
  }

  #hold(part: Buffer): void {
    const room = this.#maxHeldBytes - this.#bytes;
    this.#bytes += part.length;
    if (room > 0) this.#parts.push(part.length > room ? part.subarray(0, room) : part);
  }

  #line(tail: Buffer): string {
    let bytes = tail;
    if (this.#parts.length > 0) {
      this.#hold(tail);
      bytes = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#bytes = 0;
    }
    const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
    const start = this.#first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.#first = false;
    return bytes.toString('utf8', start, end);
  }
}
