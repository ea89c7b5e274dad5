const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const NS_PER_SECOND = 1e9;

/**
 * The moment a line is printed, in the spellings that the shop's programs use. One object is moved from line to line,
 * and the texts of its second are made once: most of the cost of a demo line would otherwise be dates.
 */
export class Moment {
  #second = Number.NaN;
  #nanos = 0;
  #date = '';
  #clock = '';
  #nginx = '';

  /** Moves to `offsetNs` nanoseconds after `startMs`, which is a whole number of milliseconds since 1970. */
  set(startMs: number, offsetNs: number): void {
    const startSecond = Math.floor(startMs / 1000);
    const nanos = (startMs - startSecond * 1000) * 1e6 + offsetNs;
    const carried = Math.floor(nanos / NS_PER_SECOND);
    this.#nanos = nanos - carried * NS_PER_SECOND;
    this.#moveToSecond(startSecond + carried);
  }

  /** Milliseconds since 1970, rounded down: pino's `time`. */
  get epochMs(): number {
    return this.#second * 1000 + Math.floor(this.#nanos / 1e6);
  }

  /** `2026-11-20T10:15:02.25202296Z`: RFC 3339 as Go prints it, up to nine digits without zeros at the end. */
  get rfc3339(): string {
    return `${this.#date}T${this.#clock}${trimmedFraction(this.#nanos)}Z`;
  }

  /** `2026-11-20T10:15:02.252022Z`: logcore's. */
  get micros(): string {
    return `${this.#date}T${this.#clock}.${this.#fraction(6)}Z`;
  }

  /** `2026-11-20T10:15:02.252Z`. */
  get millis(): string {
    return `${this.#date}T${this.#clock}.${this.#fraction(3)}Z`;
  }

  /** `2026-11-20 10:15:02.252 UTC`: Postgres's. */
  get postgres(): string {
    return `${this.#date} ${this.#clock}.${this.#fraction(3)} UTC`;
  }

  /** `20/Nov/2026:10:15:02 +0000`: access logs'. */
  get nginx(): string {
    return this.#nginx;
  }

  /** `10:15:02`. */
  get clock(): string {
    return this.#clock;
  }

  #moveToSecond(second: number): void {
    if (second === this.#second) return;
    this.#second = second;
    const date = new Date(second * 1000);
    const iso = date.toISOString();
    this.#date = iso.slice(0, 10);
    this.#clock = iso.slice(11, 19);
    this.#nginx = `${iso.slice(8, 10)}/${MONTHS[date.getUTCMonth()]}/${iso.slice(0, 4)}:${this.#clock} +0000`;
  }

  #fraction(digits: number): string {
    return (NS_PER_SECOND + this.#nanos).toString().slice(1, 1 + digits);
  }
}

/** `.25202296` of 252022960 nanoseconds; nothing at all of 0. */
function trimmedFraction(nanos: number): string {
  if (nanos === 0) return '';
  const digits = (NS_PER_SECOND + nanos).toString();
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 0x30) end--;
  return `.${digits.slice(1, end)}`;
}
