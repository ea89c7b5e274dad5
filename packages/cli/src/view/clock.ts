/** Times as a reader wants them: the clock of the reader's zone, with the date where it is not today. */

export interface ClockOptions {
  readonly utc: boolean;
  /** Milliseconds since 1970, now. */
  readonly now: () => number;
}

/** Days are compared anew when so much time has passed: a stream may run over midnight. */
const TODAY_VALID_MS = 1000;

export class Clock {
  readonly #utc: boolean;
  readonly #now: () => number;
  #todayUntilMs = 0;
  #today = '';
  /** Most lines are of the second of the line before. */
  #second = '';
  #shownSecond = '';

  constructor({ utc, now }: ClockOptions) {
    this.#utc = utc;
    this.#now = now;
  }

  /** `10:15:00.123`, or `2026-11-20 10:15:00.123` on another day. @param time - RFC 3339 in UTC */
  show(time: string): string {
    const second = time.slice(0, 19);
    const nowMs = this.#now();
    if (nowMs >= this.#todayUntilMs) {
      this.#todayUntilMs = nowMs + TODAY_VALID_MS;
      const today = this.#date(new Date(nowMs));
      if (today !== this.#today) this.#second = '';
      this.#today = today;
    }
    if (second !== this.#second) {
      this.#second = second;
      this.#shownSecond = this.#showSecond(new Date(`${second}Z`));
    }
    const fraction = time.charCodeAt(19) === 0x2e ? time.slice(20, 23).replace(/\D.*/, '') : '';
    return `${this.#shownSecond}.${fraction.padEnd(3, '0')}`;
  }

  #showSecond(at: Date): string {
    if (Number.isNaN(at.getTime())) return '--:--:--';
    const clock = this.#utc
      ? at.toISOString().slice(11, 19)
      : `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
    const date = this.#date(at);
    return date === this.#today ? clock : `${date} ${clock}`;
  }

  #date(at: Date): string {
    if (this.#utc) return at.toISOString().slice(0, 10);
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  }
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
