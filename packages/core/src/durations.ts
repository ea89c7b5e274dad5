/** Durations as people type them: `500ms`, `30s`, `15m`, `2h`, `7d`, `1w`, and sums such as `1h30m`. */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** Milliseconds of a duration such as `15m` or `1h30m`; undefined for anything else, a bare number included. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,6})?(?:ms|[smhdw])){1,6}$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g)) {
    total += Number(amount) * UNIT_MS[unit!]!;
  }
  return total;
}
