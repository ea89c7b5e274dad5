/** Counters that only grow, as what they grew by each second since the reading before. */

/** Shorter intervals measure the tick of a counter and not what is counted. */
const MIN_INTERVAL_MS = 200;

export class Rates<Name extends string> {
  #atMs = 0;
  #counters: Readonly<Record<Name, number>> | undefined;
  #rates: Readonly<Record<Name, number>> | undefined;

  /** Undefined before the second reading, and where a counter went back: a device that was replaced, or an overflow. */
  update(counters: Readonly<Record<Name, number>>, nowMs: number): Readonly<Record<Name, number>> | undefined {
    const elapsedMs = nowMs - this.#atMs;
    const before = this.#counters;
    if (before !== undefined && elapsedMs < MIN_INTERVAL_MS) return this.#rates;
    this.#atMs = nowMs;
    this.#counters = counters;
    this.#rates = before === undefined ? undefined : ratesBetween(before, counters, elapsedMs);
    return this.#rates;
  }
}

function ratesBetween<Name extends string>(
  before: Readonly<Record<Name, number>>,
  after: Readonly<Record<Name, number>>,
  elapsedMs: number,
): Readonly<Record<Name, number>> | undefined {
  const rates = {} as Record<Name, number>;
  for (const name in after) {
    const grown = after[name] - before[name];
    if (grown < 0) return undefined;
    rates[name] = (grown * 1000) / elapsedMs;
  }
  return rates;
}

/** {@link Rates} by key, for things that come and go; what is not seen again is forgotten. */
export class KeyedRates<Name extends string> {
  #byKey = new Map<string, Rates<Name>>();

  update(
    counters: ReadonlyMap<string, Readonly<Record<Name, number>>>,
    nowMs: number,
  ): (key: string) => Readonly<Record<Name, number>> | undefined {
    const next = new Map<string, Rates<Name>>();
    const found = new Map<string, Readonly<Record<Name, number>> | undefined>();
    for (const [key, values] of counters) {
      const rates = this.#byKey.get(key) ?? new Rates<Name>();
      next.set(key, rates);
      found.set(key, rates.update(values, nowMs));
    }
    this.#byKey = next;
    return (key) => found.get(key);
  }
}
