/** RFC 3339 in UTC with milliseconds, as `toISOString`, which is asked once a second instead of once a line. */

export class Timestamps {
  #second = Number.NaN;
  #prefix = '';

  /** `2026-02-08T20:30:00.123Z` */
  text(timeMs: number): string {
    const second = Math.floor(timeMs / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#prefix = new Date(timeMs).toISOString().slice(0, -4);
    }
    const ms = timeMs - second * 1000;
    return `${this.#prefix}${ms < 10 ? '00' : ms < 100 ? '0' : ''}${ms}Z`;
  }
}
