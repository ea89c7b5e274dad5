/**
 * Tells chunks that cannot have a word from those that may: a Bloom filter of all tokens of a chunk's texts, cut into
 * partitions by the tokens' hashes. A search for one word reads one partition of each chunk, a sixteenth of all filters;
 * how the bits a token and the partitions were chosen is in `store.md`.
 */

/** Parts of a filter that are stored and read apart. */
export const PARTITIONS = 16;

/** Bits a token: 0.8 % of the words that are not there seem to be. */
const BITS_PER_TOKEN = 10;
const HASHES = 7;

/** Places that a set keeps when it is emptied: those of 256,000 tokens, many times what a chunk usually has. */
const PLACES_KEPT = 1 << 19;

/** Tokens, each once, by their hashes. */
export class TokenSet {
  #table = new Int32Array(1 << 12);
  #size = 0;
  #hasZero = false;

  get size(): number {
    return this.#size;
  }

  add(hash: number): void {
    if (hash === 0) {
      if (!this.#hasZero) this.#size++;
      this.#hasZero = true;
      return;
    }
    const table = this.#table;
    const mask = table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let held = table[slot]!; held !== 0; held = table[slot]!) {
      if (held === hash) return;
      slot = (slot + 1) & mask;
    }
    table[slot] = hash;
    if (++this.#size * 2 > table.length) this.#grow();
  }

  each(visit: (hash: number) => void): void {
    if (this.#hasZero) visit(0);
    const table = this.#table;
    for (let i = 0; i < table.length; i++) if (table[i] !== 0) visit(table[i]!);
  }

  clear(): void {
    if (this.#table.length > PLACES_KEPT) this.#table = new Int32Array(PLACES_KEPT);
    else this.#table.fill(0);
    this.#size = 0;
    this.#hasZero = false;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    const mask = this.#table.length - 1;
    for (const hash of old) {
      if (hash === 0) continue;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = hash;
    }
  }
}

/** The filter of these tokens, a byte array a partition. */
export function buildFilter(tokens: TokenSet): Uint8Array[] {
  const counts = new Int32Array(PARTITIONS);
  tokens.each((hash) => counts[partitionOf(hash)]!++);
  const partitions = Array.from(counts, (count) => new Uint8Array(Math.ceil((count * BITS_PER_TOKEN) / 8)));
  tokens.each((hash) => addTo(partitions[partitionOf(hash)]!, hash));
  return partitions;
}

export function partitionOf(hash: number): number {
  return mix(hash) & (PARTITIONS - 1);
}

function addTo(bits: Uint8Array, hash: number): void {
  const size = bits.length * 8;
  let at = mix(hash) >>> 4;
  const step = mix(hash ^ 0x5bd1e995) | 1;
  for (let i = 0; i < HASHES; i++) {
    const bit = at % size;
    bits[bit >>> 3]! |= 1 << (bit & 7);
    at = (at + step) >>> 0;
  }
}

/** Whether a token may be among those that the partition was built from. */
export function mayHold(partition: Uint8Array, hash: number): boolean {
  const size = partition.length * 8;
  if (size === 0) return false;
  let at = mix(hash) >>> 4;
  const step = mix(hash ^ 0x5bd1e995) | 1;
  for (let i = 0; i < HASHES; i++) {
    const bit = at % size;
    if ((partition[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
    at = (at + step) >>> 0;
  }
  return true;
}

/** MurmurHash3's finalizer: spreads a hash over all of its bits. */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
