/** Lines over the limit: cut on a character, never inside one, and marked by the caller. */

/** Half of a pair: with the flag `u` whole ones are one character. `toWellFormed` is younger than Node 18, on which core runs too. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * A copy that holds nothing else: V8 keeps the whole text alive for a slice of it, so that 256 KB in the ring could stand
 * for a body of 64 MB. Half a surrogate pair becomes U+FFFD.
 */
export function detached(text: string): string {
  return JSON.parse(JSON.stringify(text.replace(LONE_SURROGATE, '\ufffd'))) as string;
}

/**
 * The longest prefix of `text` that takes at most `maxBytes` in UTF-8; undefined where the whole fits. Characters are
 * code points: a surrogate pair is kept whole or left out.
 */
export function cutToBytes(text: string, maxBytes: number): string | undefined {
  // A UTF-16 unit takes one to three bytes, so that most lines are judged without counting.
  if (text.length * 3 <= maxBytes) return undefined;
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > maxBytes) return detached(text.slice(0, i));
    i += code < 0x10000 ? 1 : 2;
  }
  return undefined;
}
