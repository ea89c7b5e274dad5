/**
 * The first line of an event with each run of letters, digits and `_` that has a digit in it as `0`, as core's `lineForm` would have it:
 * lines with one mask have one form. Over bytes, in one pass: a file has millions of lines and some hundred masks, so that only
 * this much is done for each line.
 */

/** As much of a line tells its form. */
const MAX_BYTES = 2000;

const NEWLINE = 0x0a;
const ZERO = 0x30;

/** What a byte is in a run; other bytes are none of it. */
const WORD = 1;
const DIGIT = 2;

const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return /\d/.test(char) ? DIGIT : /\w/.test(char) ? WORD : 0;
});

export class LineMask {
  /** A mask is never longer than what it stands for, but for the letter before it. */
  readonly #masked = Buffer.alloc(MAX_BYTES + 1);

  /** The mask, valid until the next call. Of a run at the very beginning the first letter stays: `E0102` and `I0102` are levels. */
  of(line: Uint8Array): Buffer {
    const masked = this.#masked;
    const end = Math.min(line.length, MAX_BYTES);
    let length = 0;
    for (let at = 0; at < end; ) {
      let byte = line[at]!;
      if (byte === NEWLINE) break;
      const begin = length;
      let seen = 0;
      for (let kind = KINDS[byte]!; kind !== 0; kind = KINDS[byte]!) {
        seen |= kind;
        masked[length++] = byte;
        if (++at === end) break;
        byte = line[at]!;
      }
      if (seen === 0) {
        masked[length++] = byte;
        at++;
      } else if ((seen & DIGIT) !== 0) {
        length = begin === 0 && KINDS[line[0]!] === WORD ? 1 : begin;
        masked[length++] = ZERO;
      }
    }
    return masked.subarray(0, length);
  }
}
