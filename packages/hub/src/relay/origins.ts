/** How far this hub has heard each other one: what comes twice is known, and what does not come is counted. */

import type { RelayMessage } from './relay-message.ts';

/** Hubs that are remembered; the one that was unheard of for longest goes first, and is recalled when it is heard again. */
const MAX_ORIGINS = 1000;

/** What an earlier run of this hub has heard. */
export interface Recall {
  /** Events of a run of another hub that were heard; undefined where none was. */
  sentOf(hub: string, run: number): Promise<number | undefined>;
  /** Whether a hub was ever heard. */
  isKnown(hub: string): Promise<boolean>;
}

export interface Verdict {
  /** Whether it tells of events that have not come before: its own, if it has any, are wanted. */
  readonly isNew: boolean;
  /** Whether it is the first message of a run. */
  readonly isFirst: boolean;
  /** Events of its run that had come before it. */
  readonly heard: number;
  /** Events that were sent before it and have not come. */
  readonly lost: number;
}

const STALE: Verdict = { isNew: false, isFirst: false, heard: 0, lost: 0 };

interface Origin {
  readonly run: number;
  readonly sent: number;
}

export class Origins {
  /** Those heard of last stand last. */
  readonly #origins = new Map<string, Origin>();
  readonly #recall: Recall;

  constructor(recall: Recall) {
    this.#recall = recall;
  }

  /** Judges a message and notes it. One at a time. */
  async judge({ hub, run, sent, count }: Pick<RelayMessage, 'hub' | 'run' | 'sent' | 'count'>): Promise<Verdict> {
    const known = this.#origins.get(hub);
    const isFirst = known === undefined || known.run < run;
    const heard = isFirst ? await this.#heardOf(hub, run, known !== undefined, sent - count) : known.sent;
    const isNew = sent > heard;
    if ((known !== undefined && known.run > run) || !(isNew || isFirst)) return STALE;
    this.#origins.delete(hub);
    this.#origins.set(hub, { run, sent: Math.max(sent, heard) });
    if (this.#origins.size > MAX_ORIGINS) this.#origins.delete(this.#origins.keys().next().value!);
    return { isNew, isFirst, heard, lost: isNew ? sent - count - heard : 0 };
  }

  /** Events of a run that were heard before its first message of this run of ours. */
  async #heardOf(hub: string, run: number, wasHeard: boolean, before: number): Promise<number> {
    const heard = await this.#recall.sentOf(hub, run);
    if (heard !== undefined) return heard;
    // A hub that is new here has begun before this one listened: nothing was promised. Of one that was started again, all counts.
    return wasHeard || (await this.#recall.isKnown(hub)) ? 0 : before;
  }
}
