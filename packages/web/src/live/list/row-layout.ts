/**
 * Where each row stands: all have one height but those that were measured. So a list of 200,000 rows is laid out without
 * looking at them, and a new batch costs nothing. Rows are named by their position, which stays when others come or go.
 */

/** Rows of another height that are remembered; of more than these, those that were measured first count as ordinary again. */
const MAX_MEASURED = 20_000;

export class RowLayout {
  #rowPx: number;
  readonly #heights = new Map<number, number>();
  /** Positions of measured rows in order, and by how much they and all before them differ; made when asked for. */
  #sorted: { readonly positions: readonly number[]; readonly sums: readonly number[] } | undefined;
  #version = 0;

  constructor(rowPx: number) {
    this.#rowPx = rowPx;
  }

  get rowPx(): number {
    return this.#rowPx;
  }

  /** Grows with each change of a height. */
  get version(): number {
    return this.#version;
  }

  /** Says how high an ordinary row is; what was measured is forgotten where that changes. */
  setRow(rowPx: number): void {
    if (rowPx === this.#rowPx) return;
    this.#rowPx = rowPx;
    this.reset();
  }

  reset(): void {
    this.#heights.clear();
    this.#changed();
  }

  /** False where that was known. */
  measure(position: number, px: number): boolean {
    if (this.height(position) === px) return false;
    if (px === this.#rowPx) this.#heights.delete(position);
    else this.#heights.set(position, px);
    if (this.#heights.size > MAX_MEASURED) {
      for (const oldest of this.#heights.keys()) {
        this.#heights.delete(oldest);
        break;
      }
    }
    this.#changed();
    return true;
  }

  /** Rows before `at` moved up by `count`. */
  shift(at: number, count: number): void {
    const moved = [...this.#heights].map(
      ([position, px]) => [position < at ? position - count : position, px] as const,
    );
    this.#heights.clear();
    for (const [position, px] of moved) this.#heights.set(position, px);
    this.#changed();
  }

  height(position: number): number {
    return this.#heights.get(position) ?? this.#rowPx;
  }

  /** Pixels from the top of row `from` to the top of row `position`. */
  offset(from: number, position: number): number {
    return (position - from) * this.#rowPx + this.#extraBefore(position) - this.#extraBefore(from);
  }

  /** The row at so many pixels below the top of row `from`, at least `from` and at most `last`. */
  find(from: number, last: number, px: number): number {
    let low = from;
    let high = Math.max(from, last);
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.offset(from, middle) <= px) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** By how much measured rows before a position are higher than ordinary ones. */
  #extraBefore(position: number): number {
    if (this.#heights.size === 0) return 0;
    const { positions, sums } = this.#inOrder();
    let low = 0;
    let high = positions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positions[middle]! < position) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 0 : sums[low - 1]!;
  }

  #inOrder() {
    if (this.#sorted === undefined) {
      const positions = [...this.#heights.keys()].sort((a, b) => a - b);
      let sum = 0;
      const sums = positions.map((position) => {
        sum += this.#heights.get(position)! - this.#rowPx;
        return sum;
      });
      this.#sorted = { positions, sums };
    }
    return this.#sorted;
  }

  #changed(): void {
    this.#sorted = undefined;
    this.#version++;
  }
}
