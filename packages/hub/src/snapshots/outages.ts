/** What fails is said once, and once more when it works again: not at each attempt in between. */

import type { Log } from '../log.ts';

export class Outages {
  readonly #log: Log;
  readonly #failing = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  failed(part: string, error: unknown): void {
    if (this.#failing.has(part)) return;
    this.#failing.add(part);
    this.#log.warn(`snapshots: the ${part} fails; that is said once until it works again`, {
      error: error instanceof Error ? error.message : String(error),
    });
  }

  worked(part: string): void {
    if (this.#failing.delete(part)) this.#log.info(`snapshots: the ${part} works again`);
  }
}
