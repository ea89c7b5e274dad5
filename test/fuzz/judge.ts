/** One request by hand and its judgement: what most targets do with each of their cases. */

import { type Answer, type ExchangeOptions, exchange, judgeAnswer, parseAnswers } from './raw-http.ts';
import type { Tally } from './tally.ts';

export interface Judged {
  readonly answers: readonly Answer[];
  readonly received: Buffer;
}

/** Names of routes that anybody may ask; all others are guarded by a token. */
const OPEN_PATHS = /^\/(?:health|healthz|ready|session|agent\/[^/]*|ui\/.*)?$/;

export interface RequestCase {
  readonly port: number;
  readonly pieces: readonly (Buffer | string)[];
  readonly what: string;
  readonly options?: ExchangeOptions;
  readonly isHead?: boolean;
  /** Whether no answer at all is right: for what is cut off, or goes on for ever. */
  readonly mayBeSilent?: boolean;
}

/** Sends it, and puts what is wrong with the answers into the tally. */
export async function judgeRequest(tally: Tally, request: RequestCase): Promise<Judged> {
  const { port, pieces, what, options = {}, isHead = false, mayBeSilent = false } = request;
  const { received, ended, ms } = await exchange(port, pieces, options);
  tally.took(ms, what);
  if (ended === 'hung') tally.finding(`no end after ${Math.round(ms)} ms: ${what}`);
  const { answers, rest } = parseAnswers(received, isHead);
  if (rest.length > 0) tally.finding(`no HTTP (${rest.toString('latin1', 0, 100)}): ${what}`);
  if (answers.length === 0) {
    tally.outcome('no answer');
    if (!mayBeSilent) tally.finding(`no answer: ${what}`);
  }
  for (const answer of answers) {
    const wrong = judgeAnswer(answer, tally, isHead);
    if (wrong !== undefined) tally.finding(`${wrong}: ${what}`);
  }
  return { answers, received };
}

/** Whether a path, as it was asked for, is that of a route which is open without a token. */
export function isOpenPath(path: string): boolean {
  return OPEN_PATHS.test(path.split(/[?#;]/, 1)[0]!);
}
