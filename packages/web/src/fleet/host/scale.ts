/** Scales that a person can read off. Pure. */

/** Steps of a scale's top: 1, 2, 3, 5, 7 and 9 of each power of ten leave no chart less than half full. */
const TOPS = [1, 1.5, 2, 3, 4, 5, 7, 9, 10];

/** The least round number that is no smaller. */
export function roundTop(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (TOPS.find((top) => top * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Percentages that all lie above this are shown on a part of the scale, so that a slow rise is seen. */
const HIGH_PERCENT = 80;

/** The least part: a flat line stays flat. */
const LEAST_PART_PERCENT = 8;

/** Where a scale of percentages begins: at 0, unless all of the values are near the top. */
export function percentFloor(values: readonly (number | null)[]): number {
  const least = values.reduce<number>((least, value) => (value === null ? least : Math.min(least, value)), 100);
  if (least < HIGH_PERCENT || values.every((value) => value === null)) return 0;
  return Math.floor(100 - Math.max(LEAST_PART_PERCENT, 2 * (100 - least)));
}
