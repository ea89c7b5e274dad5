/** RE2's syntax and guarantees for the regular expressions of users: matching takes time linear in the text. */

import { RE2JS } from 're2js';

/** Builds a matcher; throws where the expression is not in RE2's syntax (no look-around, no back-references). */
export function linearRegex(source: string, flags: { readonly ignoreCase: boolean }): { test(text: string): boolean } {
  const compiled = RE2JS.compile(source, flags.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  return { test: (text) => compiled.test(text) };
}
