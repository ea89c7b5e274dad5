/** Where in the app a line was logged, for lines at debug: logcore's `source`. */

import { quote } from './quote.ts';

/** `at name (file:line:column)` or `at file:line:column`; `async` and `new` belong to the name. */
const FRAME = /^\s*at (?:(.*) \()?(?:file:\/\/)?(.+?):(\d+):\d+\)?$/;

/** JSON of the frame that called `from`, or undefined where the engine does not tell. */
export function callSite(from: (...args: never[]) => unknown): string | undefined {
  const holder: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, from);
  Error.stackTraceLimit = stackTraceLimit;
  const frame = typeof holder.stack === 'string' ? FRAME.exec(holder.stack.split('\n')[1] ?? '') : null;
  if (frame === null) return undefined;
  const [, name, file, line] = frame;
  return `{"file":${quote(file!)},"line":${line},"function":${quote(name ?? '<module>')}}`;
}
