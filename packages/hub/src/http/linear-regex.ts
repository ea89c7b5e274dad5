/** RE2's syntax and guarantees for the regular expressions of users: matching takes time linear in the text. */

import { RE2JS } from 're2js';

/**
 * Linear in the text is also linear in the compiled expression, and counted repetitions multiply: 300 times
 * `[a-z]{1000}` would take 1.6 s on one line of 10 KB. An ordinary expression has 10 to 100 instructions.
 */
const MAX_REGEX_CHARS = 512;
const MAX_REGEX_INSTRUCTIONS = 1000;

/** Builds a matcher; throws where the expression is not in RE2's syntax (no look-around, no back-references) or too large. */
export function linearRegex(source: string, flags: { readonly ignoreCase: boolean }): { test(text: string): boolean } {
  if (source.length > MAX_REGEX_CHARS) {
    throw new RangeError(`the expression has ${source.length} characters; at most ${MAX_REGEX_CHARS} are allowed`);
  }
  const compiled = RE2JS.compile(source, flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const instructions = compiled.programSize();
  if (instructions > MAX_REGEX_INSTRUCTIONS) {
    throw new RangeError(
      `the expression is too large (${instructions} steps, at most ${MAX_REGEX_INSTRUCTIONS}); use smaller counts in its repetitions`,
    );
  }
  return { test: (text) => compiled.test(text) };
}
