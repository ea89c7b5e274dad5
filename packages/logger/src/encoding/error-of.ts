import { textOf } from './text-of.ts';

/**
 * An error again, from its message and the text of its stack: all that winston's formats and Nest's loggers leave of
 * one.
 */
export function errorOf(message: unknown, stack: string): Error {
  const error = new Error(textOf(message));
  error.stack = stack;
  return error;
}
