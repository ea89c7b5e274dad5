/**
 * How trouble of the logger itself is told: to whom the app says, else on standard error, and the same at most once a
 * minute.
 */

import { writeSync } from 'node:fs';
import { COMPLAINT_MS } from '../limits.ts';
import type { ProblemListener } from './destination.ts';

export class Problems {
  readonly #listener: ProblemListener;
  readonly #toldMs = new Map<string, number>();

  constructor(listener: ProblemListener = toStandardError) {
    this.#listener = listener;
  }

  /** @param kind - one of a few fixed words: what is the same trouble. */
  tell(kind: string, message: string): void {
    const nowMs = Date.now();
    if (nowMs - (this.#toldMs.get(kind) ?? Number.NEGATIVE_INFINITY) < COMPLAINT_MS) return;
    this.#toldMs.set(kind, nowMs);
    try {
      this.#listener(message);
    } catch {
      // Somebody else's listener must not end an app that only wanted to log.
    }
  }

  /** The trouble is over: the next one of its kind is told at once. */
  over(kind: string): void {
    this.#toldMs.delete(kind);
  }
}

/** Past `process.stderr`, which may be a stream that an app has replaced by a logger. */
function toStandardError(message: string): void {
  try {
    writeSync(2, `flywatch logger: ${message}\n`);
  } catch {
    // Nobody listens there: then there is nobody to tell.
  }
}
