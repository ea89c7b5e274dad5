/**
 * The dice of the demo: xoshiro128** (Blackman and Vigna), seeded through splitmix32. The demo has to come out the same
 * for the same seed, so it cannot use Math.random; and mulberry32, which is shorter, comes round again after 2^32 draws,
 * which is an hour of demo traffic at a high rate.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let state = Math.floor(seed) | 0;
    const mix = () => {
      state = (state + 0x9e3779b9) | 0;
      let word = state ^ (state >>> 16);
      word = Math.imul(word, 0x21f0aaad);
      word ^= word >>> 15;
      word = Math.imul(word, 0x735a2d97);
      return word ^ (word >>> 15);
    };
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    this.#d = mix() | 1; // four zeros would stay zeros for ever
  }

  /** The next 32 bits, as an unsigned integer. */
  bits(): number {
    const scaled = Math.imul(this.#b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** From 0 up to, not including, 1. */
  unit(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.unit() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.unit() * list.length)]!;
  }

  /**
   * A duration around `typicalMs`: mostly 0.5 to 1.5 times that, one in some twenty several times as much, as response
   * times are. Cheaper than a true log-normal, and nobody can tell.
   */
  duration(typicalMs: number): number {
    const tail = this.chance(0.05) ? 1 + 5 * this.unit() : 1;
    return typicalMs * (0.5 + this.unit()) * tail;
  }

  /** `01` and ten characters of Crockford's base 32: how the front end names a request. */
  requestId(): string {
    let high = this.bits();
    let low = this.bits();
    let id = '01';
    for (let i = 0; i < 5; i++) {
      id += BASE32[high & 31]! + BASE32[low & 31]!;
      high >>>= 5;
      low >>>= 5;
    }
    return id;
  }

  /** `length` hexadecimal digits, at most eight. */
  hex(length: number): string {
    return this.bits().toString(16).padStart(8, '0').slice(0, length);
  }
}

const BASE32 = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
