import type { ReactElement } from 'react';

/** As many as can be told apart on 72 px. */
const BARS = 24;
const HEIGHT = 20;

/** One line is seen beside a thousand. */
const MIN_BAR = 2;

/** When the errors were; the highest bar is the worst time of this row, since rows differ by a thousand. */
export function ErrorBars({ buckets }: { readonly buckets: readonly number[] }): ReactElement {
  const bars = summedTo(BARS, buckets);
  const top = Math.max(1, ...bars);
  return (
    <svg className="fleet-bars" viewBox={`0 0 ${BARS * 3} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path className="fleet-bars-ground" d={`M0 ${HEIGHT - 0.5}H${BARS * 3}`} />
      <path className="fleet-bars-counts" d={bars.map(barPath(top)).join('')} />
    </svg>
  );
}

/** A bar as a path; nothing where there was nothing. */
function barPath(top: number): (count: number, at: number) => string {
  return (count, at) => {
    if (count === 0) return '';
    const height = Math.max(MIN_BAR, (count / top) * HEIGHT).toFixed(1);
    return `M${at * 3} ${HEIGHT}v-${height}h2v${height}Z`;
  };
}

/** The same counts in at most so many buckets, all of the same width. */
export function summedTo(most: number, buckets: readonly number[]): readonly number[] {
  const each = Math.max(1, Math.ceil(buckets.length / most));
  // The newest bar is always a full one; the oldest may have less in it.
  const missing = (each - (buckets.length % each)) % each;
  const sums = new Array<number>(Math.ceil(buckets.length / each)).fill(0);
  buckets.forEach((count, at) => {
    sums[Math.floor((at + missing) / each)]! += count;
  });
  return sums;
}
