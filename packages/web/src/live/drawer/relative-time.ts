/** Times of lines around a line, as the way to it: `-3.921 s`, `+12:05`. */

/** Beyond it milliseconds are noise. */
const FINE_MS = 100_000;

export function relativeTime(ms: number): string {
  const sign = ms < 0 ? '-' : '+';
  const size = Math.abs(ms);
  if (size < FINE_MS) return `${sign}${(size / 1000).toFixed(3)} s`;
  const seconds = Math.round(size / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${sign}${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return `${sign}${hours} h ${minutes} min`;
  return `${sign}${minutes}:${String(seconds % 60).padStart(2, '0')} min`;
}
