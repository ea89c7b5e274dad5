/**
 * The elements of a JSON document that arrives in pieces: the members of an array, or the one object. Only brackets and
 * strings are followed; each element is parsed by `JSON.parse`, so that nothing but valid JSON passes. The texts are kept
 * as they came, for the raw payload.
 */

type State = 'start' | 'first' | 'element' | 'between' | 'next' | 'done';

export class JsonSplitter {
  #state: State = 'start';
  #isArray = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #parts: Buffer[] = [];
  #offset = 0;
  /** Bytes of the element that is being read, in earlier pieces. */
  #elementBytes = 0;
  readonly #maxElementBytes: number;

  constructor(maxElementBytes: number) {
    this.#maxElementBytes = maxElementBytes;
  }

  /** The elements that end in this piece. @throws {SyntaxError} where the document is no JSON, {@link RangeError} where an element is too large. */
  *push(piece: Buffer): IterableIterator<string> {
    let start = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at]!;
      if (this.#state === 'element') {
        if (!this.#endsElement(byte)) continue;
        // A bracket belongs to its element, a comma or the array's end does not.
        const inclusive = this.#depth === 0 && (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && !this.#scalar;
        const end = inclusive ? at + 1 : at;
        yield this.#take(piece.subarray(start, end));
        this.#state = this.#isArray ? 'between' : 'done';
        if (inclusive) continue;
      }
      if (isBlank(byte) || (this.#state === 'start' && this.#offset + at < 3 && BOM[this.#offset + at] === byte))
        continue;
      switch (this.#state) {
        case 'start':
          if (byte === OPEN_BRACKET) {
            this.#isArray = true;
            this.#state = 'first';
          } else if (byte === OPEN_BRACE) {
            start = at;
            this.#begin(byte);
          } else throw new SyntaxError('expected an object or an array of events');
          break;
        case 'first':
          if (byte === CLOSE_BRACKET) this.#state = 'done';
          else {
            start = at;
            this.#begin(byte);
          }
          break;
        case 'next':
          start = at;
          this.#begin(byte);
          break;
        case 'between':
          if (byte === COMMA) this.#state = 'next';
          else if (byte === CLOSE_BRACKET) this.#state = 'done';
          else throw new SyntaxError(`expected a comma or the end of the array at byte ${this.#offset + at}`);
          break;
        default:
          throw new SyntaxError(`unexpected text after the end at byte ${this.#offset + at}`);
      }
    }
    if (this.#state === 'element') {
      this.#grow(piece.length - start);
      this.#parts.push(piece.subarray(start));
    }
    this.#offset += piece.length;
  }

  /** @throws {SyntaxError} where the document is not complete. */
  end(): void {
    if (this.#state !== 'done')
      throw new SyntaxError(this.#state === 'start' ? 'the body is empty' : 'the document ends in the middle');
  }

  #scalar = false;

  #grow(bytes: number): void {
    this.#elementBytes += bytes;
    if (this.#elementBytes > this.#maxElementBytes) {
      throw new RangeError(
        `an event of more than ${this.#maxElementBytes} bytes in a JSON document; as a line of NDJSON or plain text it would be cut and kept`,
      );
    }
  }

  #begin(byte: number): void {
    this.#state = 'element';
    this.#depth = byte === OPEN_BRACE || byte === OPEN_BRACKET ? 1 : 0;
    this.#scalar = this.#depth === 0;
    this.#inString = byte === QUOTE;
    this.#escaped = false;
  }

  /** Follows one byte of an element; true where the element ends with it or before it. */
  #endsElement(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    switch (byte) {
      case QUOTE:
        this.#inString = true;
        return false;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.#depth++;
        return false;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (this.#depth === 0) return true;
        return --this.#depth === 0;
      case COMMA:
        return this.#depth === 0;
      default:
        return false;
    }
  }

  #take(tail: Buffer): string {
    this.#grow(tail.length);
    this.#elementBytes = 0;
    const text =
      this.#parts.length === 0 ? tail.toString('utf8') : Buffer.concat([...this.#parts, tail]).toString('utf8');
    this.#parts = [];
    const value: unknown = JSON.parse(text);
    // A string is a line; everything else goes on as the text that it was.
    return typeof value === 'string' ? value : text.trim();
  }
}

const BOM = [0xef, 0xbb, 0xbf];
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
