/** What was said before, in memory: questions and answers, without the logs that were looked at, which are old by then. */

import { randomUUID } from 'node:crypto';

export interface Said {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface ConversationsOptions {
  readonly maxCount: number;
  readonly maxAgeMs: number;
  /** Characters of one; its oldest messages go first. */
  readonly maxChars: number;
}

export class Conversations {
  readonly #options: ConversationsOptions;
  /** In the order of their last use. */
  readonly #kept = new Map<string, { readonly said: readonly Said[]; readonly atMs: number }>();

  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  /** Undefined where there is none (any more). */
  read(id: string, nowMs: number): readonly Said[] | undefined {
    const found = this.#kept.get(id);
    return found === undefined || found.atMs < nowMs - this.#options.maxAgeMs ? undefined : found.said;
  }

  /** Keeps what has been said so far; returns the id. */
  keep(id: string | undefined, said: readonly Said[], nowMs: number): string {
    const own = id ?? randomUUID();
    this.#kept.delete(own);
    this.#kept.set(own, { said: newestOf(said, this.#options.maxChars), atMs: nowMs });
    for (const [oldest, { atMs }] of this.#kept) {
      if (this.#kept.size <= this.#options.maxCount && atMs >= nowMs - this.#options.maxAgeMs) break;
      this.#kept.delete(oldest);
    }
    return own;
  }
}

/** The newest messages that fit, from a question on. */
export function newestOf(said: readonly Said[], maxChars: number): readonly Said[] {
  let chars = 0;
  let from = said.length;
  while (from > 0 && chars + said[from - 1]!.content.length <= maxChars) chars += said[--from]!.content.length;
  while (from < said.length && said[from]!.role !== 'user') from++;
  return said.slice(from);
}
