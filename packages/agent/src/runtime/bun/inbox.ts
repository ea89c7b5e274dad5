/** What came and was not asked for yet, for sockets that call back and do not wait: one reader, in order, then the end. */
export class Inbox {
  readonly #pieces: Buffer[] = [];
  #ended: { readonly error: Error | undefined } | undefined;
  #wake = Promise.withResolvers<void>();

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#wake.resolve();
  }

  /** The first end counts. */
  end(error?: Error): void {
    this.#ended ??= { error };
    this.#wake.resolve();
  }

  async read(): Promise<Buffer | undefined> {
    while (this.#pieces.length === 0) {
      if (this.#ended?.error !== undefined) throw this.#ended.error;
      if (this.#ended !== undefined) return undefined;
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    return this.#pieces.shift();
  }
}
