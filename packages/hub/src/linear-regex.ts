/** RE2's syntax and guarantees for the regular expressions of users: matching takes time linear in the text. */

import type { RegexEngine } from '@flywatch/core';
import { RE2JS } from 're2js';

/**
 * Linear in the text is also linear in the compiled expression, and counted repetitions multiply: `a.{900}[cd]` takes 4 s
 * on one line of 256 KB. An ordinary expression has 10 to 100 instructions. The limits are for all expressions of a filter
 * together, as an event meets all of them.
 */
const MAX_REGEX_CHARS = 512;
const MAX_REGEX_INSTRUCTIONS = 1000;

/**
 * Instructions times characters that a filter may cost on one line, some 15 ns each at worst, so an eighth of a second. The rest
 * of a longer line is not looked at: with 30 instructions that is none of 256 KB, with 1,000 all after the first 8,000
 * characters.
 */
const MAX_STEPS = 8_000_000;

/**
 * Makes matchers for one filter; each throws where its expression is not in RE2's syntax (no look-around, no
 * back-references) or too large, alone or with those before it.
 */
export function linearRegexes(): RegexEngine {
  let instructions = 0;
  return (source, flags) => {
    if (source.length > MAX_REGEX_CHARS) {
      throw new RangeError(`the expression has ${source.length} characters; at most ${MAX_REGEX_CHARS} are allowed`);
    }
    const compiled = RE2JS.compile(source, flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    instructions += compiled.programSize();
    if (instructions > MAX_REGEX_INSTRUCTIONS) {
      throw new RangeError(
        `the expressions of the filter are too large (${instructions} steps up to here, at most ${MAX_REGEX_INSTRUCTIONS}); use smaller counts in their repetitions`,
      );
    }
    return {
      test: (text) => {
        const maxChars = Math.floor(MAX_STEPS / instructions);
        return compiled.test(text.length > maxChars ? text.slice(0, maxChars) : text);
      },
    };
  };
}
