/**
 * Positions: the numbers behind event ids. Each is one greater than the last, and greater than every one ever given by
 * this hub, `kill -9` and a clock that was set back included: positions are reserved on disk in blocks before they are
 * used, and a new run begins above the last reservation. It also begins above the clock's microseconds, so that a hub
 * without a disk keeps the promise as long as it has given fewer than a million ids a second.
 */

import type { HubState } from './hub-state.ts';

export class Positions {
  readonly #state: HubState;
  readonly #block: number;
  #last: number;
  #extending = false;
  /** Where this run began: its first position is one greater. */
  readonly start: number;

  private constructor(state: HubState, block: number, start: number) {
    this.#state = state;
    this.#block = block;
    this.start = start;
    this.#last = start;
  }

  /** Reserves the first block; resolves when ids may be given. */
  static async open(state: HubState, block: number, nowMs: number): Promise<Positions> {
    const start = Math.max(state.data.positionCeiling, nowMs * 1000);
    state.data.positionCeiling = start + block;
    await state.save();
    return new Positions(state, block, start);
  }

  /** The next position. A bound method, since it is handed about. */
  readonly next = (): number => {
    this.#last++;
    if (this.#last + this.#block / 2 > this.#state.data.positionCeiling && !this.#extending) this.#extend();
    return this.#last;
  };

  /** The first of so many consecutive positions. */
  reserve(count: number): number {
    const first = this.next();
    for (let i = 1; i < count; i++) this.next();
    return first;
  }

  /** Half a block ahead, so that the write is done long before it is needed; the live stream never waits for it. */
  #extend(): void {
    this.#extending = true;
    this.#state.data.positionCeiling = this.#last + this.#block;
    void this.#state.save().finally(() => {
      this.#extending = false;
    });
  }
}
