/** Figures as a sentence has them. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `8 s`, `3 min 10 s`, `2 h 55 min`, `3 d 4 h`: two units at most. */
export function inWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const whole = seconds * 1000;
  if (whole < 10 * MINUTE_MS) return joined(whole, MINUTE_MS, 'min', 1000, 's');
  if (whole < HOUR_MS) return `${Math.round(whole / MINUTE_MS)} min`;
  return whole < DAY_MS ? joined(whole, HOUR_MS, 'h', MINUTE_MS, 'min') : joined(whole, DAY_MS, 'd', HOUR_MS, 'h');
}

function joined(ms: number, largeMs: number, large: string, smallMs: number, small: string): string {
  const first = Math.floor(ms / largeMs);
  const second = Math.floor((ms % largeMs) / smallMs);
  return second === 0 ? `${first} ${large}` : `${first} ${large} ${second} ${small}`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `3.2 GB`, decimal: one place below a hundred. */
export function bytesInWords(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  // What would be shown as 1000 is 1 of the next.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 100 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** `96%`; small ones with a place behind the point: `4.2%`. */
export function percentInWords(percent: number): string {
  return `${percent < 10 && !Number.isInteger(percent) ? percent.toFixed(1) : Math.round(percent)}%`;
}

/** `1 machine`, `3 machines`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Names one by one while they are few. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length <= most ? shown : `${shown} and ${names.length - most} more`;
}
