/** Lines out of pieces of bytes. Line breaks are `\n` and `\r\n`; a last line without one counts; a leading BOM goes. */

const NEWLINE = 0x0a;
const RETURN = 0x0d;

export class LineSplitter {
  #parts: Buffer[] = [];
  #first = true;

  /** The lines that end in this piece, in order. */
  *push(piece: Buffer): IterableIterator<string> {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      yield this.#line(piece.subarray(start, end));
      start = end + 1;
    }
    if (start < piece.length) this.#parts.push(piece.subarray(start));
  }

  /** What is left after the last line break, if anything. */
  *end(): IterableIterator<string> {
    if (this.#parts.length > 0) yield this.#line(Buffer.alloc(0));
  }

  #line(tail: Buffer): string {
    let bytes = tail;
    if (this.#parts.length > 0) {
      bytes = Buffer.concat([...this.#parts, tail]);
      this.#parts = [];
    }
    const end = bytes.at(-1) === RETURN ? bytes.length - 1 : bytes.length;
    const start = this.#first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    this.#first = false;
    return bytes.toString('utf8', start, end);
  }
}
