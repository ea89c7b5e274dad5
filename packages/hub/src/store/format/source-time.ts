/** Source times back from numbers: RFC 3339 in UTC with the digits that the source gave. */

/** The last second that was formatted: events of one second are read together. */
let lastSecond = Number.NaN;
let lastText = '';

/**
 * @param timeMs - milliseconds since 1970
 * @param nanos - nanoseconds below the millisecond
 * @param digits - digits after the point, 0 to 9
 */
export function formatSourceTime(timeMs: number, nanos: number, digits: number): string {
  const second = Math.floor(timeMs / 1000);
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, -5);
    lastSecond = second;
  }
  if (digits === 0) return `${lastText}Z`;
  const fraction = String((timeMs - second * 1000) * 1e6 + nanos).padStart(9, '0');
  return `${lastText}.${digits === 9 ? fraction : fraction.slice(0, digits)}Z`;
}
