/** What becomes of a connection, in words. Undefined where nobody needs to know. */

import type { TailGap, TailState } from '@flywatch/client';
import { safeLabel } from '../view/terminal-text.ts';

/** Of many tries that fail in a row these are told: a hub that is away for an hour must not fill the screen. */
const TOLD_FAILURES: ReadonlySet<number> = new Set([1, 5, 20]);
const TOLD_EVERY = 100;

const REASONS: Readonly<Record<string, string>> = {
  refused: 'the connection was refused',
  ended: 'the connection was closed',
  lost: 'the connection was lost',
  silent: 'nothing is heard any more',
};

export class ConnectionNotes {
  #greeting: string | undefined;
  #isInterrupted = false;

  /** @param greeting - said when the first connection is open, to somebody who would wonder at an empty screen */
  constructor(greeting?: string) {
    this.#greeting = greeting;
  }

  of(item: TailState): string | undefined {
    if (item.state === 'open') return this.#ofOpen();
    if (item.state !== 'waiting') return undefined;
    this.#isInterrupted = true;
    const { failures, reason, error, delayMs } = item;
    if (!TOLD_FAILURES.has(failures) && failures % TOLD_EVERY !== 0) return undefined;
    const why = error === null ? '' : ` (${safeLabel(error.message)})`;
    const tries = failures > 1 ? `, for the ${failures}th time` : '';
    return `${REASONS[reason] ?? reason}${why}; trying again in ${seconds(delayMs)}${tries}`;
  }

  #ofOpen(): string | undefined {
    const greeting = this.#greeting;
    this.#greeting = undefined;
    if (!this.#isInterrupted) return greeting;
    this.#isInterrupted = false;
    return 'connected again; the lines go on where they stopped';
  }
}

const GAPS: Readonly<Record<string, string>> = {
  lagged: 'this reader was too slow',
  expired: 'they are no longer held',
  other_hub: 'another hub answers at this address now',
  restarted: 'the app was restarted',
  too_large: 'too large',
  unreadable: 'unreadable',
};

/** @param hubUrl - to which a gap's own address is relative */
export function describeGap({ count, reason, details }: TailGap, hubUrl: string): string {
  const what =
    count === null ? 'lines may be missing here' : `${count} ${count === 1 ? 'line is' : 'lines are'} missing here`;
  const path = typeof details.url === 'string' && details.url.startsWith('/') ? safeLabel(details.url) : undefined;
  const where = path === undefined ? '' : `; they are at ${hubUrl.replace(/\/$/, '')}${path}`;
  return `${what}: ${GAPS[reason] ?? safeLabel(reason)}${where}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.max(0.1, ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}
