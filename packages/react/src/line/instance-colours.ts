/** A colour for each instance, so that neighbours differ. The id always stands beside it: colour is never the only cue. */

const SLOTS = 16;

/** Instances that keep their colour; the one that got its colour first gives it up. */
const MAX_KNOWN = 500;

export class InstanceColours {
  readonly #known: Map<string, number>;
  readonly #users = new Array<number>(SLOTS).fill(0);

  /** `known` is what {@link entries} gave at an earlier visit: an instance then has the colour that it had. */
  constructor(known: Iterable<readonly [string, number]> = []) {
    this.#known = new Map();
    for (const [instance, slot] of known) {
      if (this.#known.size === MAX_KNOWN) break;
      if (typeof instance === 'string' && Number.isInteger(slot) && slot >= 0 && slot < SLOTS)
        this.#give(instance, slot);
    }
  }

  /** Whether an instance has its colour already. */
  knows(instance: string): boolean {
    return this.#known.has(instance);
  }

  /** 0 to 15, as in the tokens `--i0` to `--i15`. */
  slot(instance: string): number {
    const given = this.#known.get(instance);
    if (given !== undefined) return given;
    if (this.#known.size >= MAX_KNOWN) this.#forgetOldest();
    let slot = fnv1a32(instance) % SLOTS;
    // Five is prime to sixteen: after sixteen steps every slot has been looked at.
    for (let step = 0; step < SLOTS && this.#users[slot]! > 0; step++) slot = (slot + 5) % SLOTS;
    this.#give(instance, slot);
    return slot;
  }

  entries(): [string, number][] {
    return [...this.#known];
  }

  #give(instance: string, slot: number): void {
    this.#known.set(instance, slot);
    this.#users[slot]!++;
  }

  #forgetOldest(): void {
    for (const [instance, slot] of this.#known) {
      this.#known.delete(instance);
      this.#users[slot]!--;
      return;
    }
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
