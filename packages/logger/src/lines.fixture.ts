import { getLogger } from './get-logger.ts';
import type { Logger } from './logger.ts';
import type { LoggerOptions } from './options.ts';

/** logcore's line, read back. */
export interface Line {
  readonly timestamp: string;
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly context?: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly exception?: any;
  readonly source?: { readonly file: string; readonly line: number; readonly function: string };
}

/** A logger whose lines are kept. */
export function linesOf(options: LoggerOptions = {}): { readonly log: Logger; readonly lines: readonly Line[] } {
  const lines: Line[] = [];
  const destination = { write: ({ line }: { line: string }) => lines.push(JSON.parse(line) as Line) };
  return { log: getLogger('test', { destinations: [destination], ...options }), lines };
}
