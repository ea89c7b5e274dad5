/**
 * What the store could not take: spans of positions, so that a reader that is brought up from history is told what is missing
 * from it and where. They are known for as long as the hub runs; a client that asks later finds nothing there, as after retention.
 */

/** Events that are in no file, from the first to the last of them. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** Spans that are remembered. A disk that is full makes one; beyond this the last ones run together. */
const MAX_HOLES = 256;

export class Holes {
  #holes: Hole[] = [];
  #isOpen = false;

  /** An event that is not kept. */
  lose(position: number): void {
    const last = this.#holes.at(-1);
    if (last !== undefined && (this.#isOpen || this.#holes.length === MAX_HOLES)) {
      this.#holes[this.#holes.length - 1] = { from: last.from, to: position };
    } else this.#holes.push({ from: position, to: position });
    this.#isOpen = true;
  }

  /** An event is kept: what is lost after it is another hole. */
  keep(): void {
    this.#isOpen = false;
  }

  /** The first hole that reaches beyond a position. */
  after(position: number): Hole | undefined {
    return this.#holes.find(({ to }) => to > position);
  }
}
