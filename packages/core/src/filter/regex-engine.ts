import type { RegexPattern } from './ast.ts';
import { FilterSyntaxError, quoteForMessage } from './filter-syntax-error.ts';

export interface CompiledRegex {
  /** Whether the expression is found anywhere in the text. */
  test(text: string): boolean;
}

/** Makes a regular expression that runs in linear time, or throws an error whose message says what is wrong with it. */
export type RegexEngine = (source: string, flags: { readonly ignoreCase: boolean }) => CompiledRegex;

export type RegexCompiler = (pattern: RegexPattern) => CompiledRegex;

/** The expression of a pattern; what the engine throws becomes an error that points at the pattern. */
export function compileRegex({ source, ignoreCase, position }: RegexPattern, regex: RegexEngine): CompiledRegex {
  try {
    return regex(source, { ignoreCase });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FilterSyntaxError(
      `${quoteForMessage(source)} is no regular expression that can be used (${reason})`,
      'correct it, or quote the text to look for it as it stands',
      position,
      { cause },
    );
  }
}
