/** What a collector is. To add one: a file with a class, a row in `COLLECTORS` of `host-collector.ts`. */

export interface Collector<T> {
  /**
   * The figures now; undefined where this host has none, or where a rate needs an earlier reading. `nowMs` runs on without jumps
   * (`performance.now()`).
   */
  collect(nowMs: number): T | undefined | Promise<T | undefined>;
}
