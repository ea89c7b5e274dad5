/**
 * Why no more lines come for an app:
 *
 * - `refused`: the token is not taken. Asking again changes nothing.
 * - `unknown_app`: there is no such app, or the token may not see it. Asking again changes nothing.
 * - `unavailable`: too many errors in a row. It may be better later.
 */
export type FlyLogApiProblem = 'refused' | 'unknown_app' | 'unavailable';

export class FlyLogApiError extends Error {
  override readonly name = 'FlyLogApiError';
  readonly problem: FlyLogApiProblem;

  constructor(problem: FlyLogApiProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
