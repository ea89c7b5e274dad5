/**
 * How often each key was seen, for at most so many keys. Two equal lines are two events (DESIGN, section 9), so what is
 * remembered of lines is a count and not a mark.
 */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #maxKeys: number;

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys;
  }

  get keys(): number {
    return this.#counts.size;
  }

  /** Counts one; false where the key is new and there is no room for it. */
  add(key: string): boolean {
    const count = this.#counts.get(key);
    if (count === undefined && this.#counts.size >= this.#maxKeys) return false;
    this.#counts.set(key, (count ?? 0) + 1);
    return true;
  }

  /** Takes one away again; false where there is none. */
  take(key: string): boolean {
    const count = this.#counts.get(key);
    if (count === undefined) return false;
    if (count === 1) this.#counts.delete(key);
    else this.#counts.set(key, count - 1);
    return true;
  }

  clear(): void {
    this.#counts.clear();
  }
}
