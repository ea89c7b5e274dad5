/** Days of UTC, as the partitions are named by them. */

export const DAY_MS = 86_400_000;

/** The day that a moment lies in, counted from 1970. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS);
}

export function partitionName(table: string, day: number): string {
  return `${table}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

/** The day of a partition; undefined where the name is another one. */
export function dayOfPartition(table: string, name: string): number | undefined {
  const match = new RegExp(`^${table}_(\\d{4})(\\d\\d)(\\d\\d)$`).exec(name);
  return match === null ? undefined : dayOf(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
}

/** A day's bounds, for `FOR VALUES FROM … TO …`. */
export function dayBounds(day: number): string {
  const bound = (of: number) => `'${new Date(of * DAY_MS).toISOString().slice(0, 10)} 00:00:00+00'`;
  return `FROM (${bound(day)}) TO (${bound(day + 1)})`;
}
