/**
 * Batch ids that were taken: a batch that is sent again, because its answer got lost, is answered again and not taken
 * again. While the first one is still being taken, the second waits for its outcome.
 */
export class BatchLedger {
  readonly #maxIds: number;
  readonly #taken = new Map<string, Promise<number>>();

  constructor(maxIds: number) {
    this.#maxIds = maxIds;
  }

  /** Takes a batch once. A batch that fails may be sent again. */
  async once(id: string, take: () => Promise<number>): Promise<{ accepted: number; duplicate: boolean }> {
    const earlier = this.#taken.get(id);
    if (earlier !== undefined) return { accepted: await earlier, duplicate: true };
    const taking = take();
    this.#taken.set(id, taking);
    if (this.#taken.size > this.#maxIds) this.#taken.delete(this.#taken.keys().next().value!);
    try {
      return { accepted: await taking, duplicate: false };
    } catch (error) {
      this.#taken.delete(id);
      throw error;
    }
  }
}
