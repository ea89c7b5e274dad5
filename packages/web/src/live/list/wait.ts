/** A wait that can be cut short, from the outside and more than once. */

export class Wait {
  #end: (() => void) | undefined;

  /** Resolves after this time, or once {@link end} is called. */
  async for(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#end = undefined;
  }

  /** Nothing where nobody waits. */
  end(): void {
    this.#end?.();
  }
}
