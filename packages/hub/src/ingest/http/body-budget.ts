/**
 * How many bytes of bodies are held at once. A body may always come alone, whatever its size within the limits; more at
 * once than the budget are told to come again, before they are read.
 */
export class BodyBudget {
  readonly #maxBytes: number;
  #held = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** A share for one body; undefined where the budget has no room for `bytes` beside the others. */
  open(bytes: number): BodyShare | undefined {
    const share = new Share(this);
    return share.grow(bytes) ? share : undefined;
  }

  /** @internal */
  take(bytes: number, own: number): boolean {
    const others = this.#held - own;
    if (others > 0 && this.#held + bytes > this.#maxBytes) return false;
    this.#held += bytes;
    return true;
  }

  /** @internal */
  give(bytes: number): void {
    this.#held -= bytes;
  }
}

export interface BodyShare {
  readonly bytes: number;
  /** Asks for more; false where others hold the rest. */
  grow(bytes: number): boolean;
  /** Gives everything back. */
  close(): void;
}

class Share implements BodyShare {
  readonly #budget: BodyBudget;
  bytes = 0;

  constructor(budget: BodyBudget) {
    this.#budget = budget;
  }

  grow(bytes: number): boolean {
    if (!this.#budget.take(bytes, this.bytes)) return false;
    this.bytes += bytes;
    return true;
  }

  close(): void {
    this.#budget.give(this.bytes);
    this.bytes = 0;
  }
}
