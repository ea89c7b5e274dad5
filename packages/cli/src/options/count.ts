import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers up to `most`, for an option. */
export function countUpTo(most: number, least = 0): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}`);
    return value;
  };
}

/** Lines of the past that a hub gives at the beginning of a stream. */
export const MAX_TAIL = 10_000;
