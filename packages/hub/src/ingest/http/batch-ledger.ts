/**
 * Batch ids that were taken: a batch that is sent again, because its answer got lost, is answered again and not taken
 * again. While the first one is still being taken, the second waits for its outcome.
 */
export class BatchLedger {
  readonly #maxIds: number;
  readonly #taken = new Map<string, Promise<{ count: number; isOld: boolean }>>();

  constructor(maxIds: number) {
    this.#maxIds = maxIds;
  }

  /** Takes a batch once; `isOld` says that an earlier run had taken it. A batch that fails may be sent again. */
  async once(
    id: string,
    take: () => Promise<{ count: number; isOld: boolean }>,
  ): Promise<{ accepted: number; duplicate: boolean }> {
    const earlier = this.#taken.get(id);
    if (earlier !== undefined) return { accepted: (await earlier).count, duplicate: true };
    const taking = take();
    this.#note(id, taking);
    try {
      const { count, isOld } = await taking;
      return { accepted: count, duplicate: isOld };
    } catch (error) {
      this.#taken.delete(id);
      throw error;
    }
  }

  /** A batch that was taken elsewhere. */
  add(id: string, count: number): void {
    this.#note(id, Promise.resolve({ count, isOld: true }));
  }

  #note(id: string, taking: Promise<{ count: number; isOld: boolean }>): void {
    this.#taken.set(id, taking);
    if (this.#taken.size > this.#maxIds) this.#taken.delete(this.#taken.keys().next().value!);
  }
}
