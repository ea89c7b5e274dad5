/** How long ago a time was, in the unit in which somebody would say it; `never` where there is none. */
export function agoText(time: string | null, nowMs: number): string {
  const ms = time === null ? Number.NaN : nowMs - Date.parse(time);
  if (Number.isNaN(ms)) return 'never';
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
