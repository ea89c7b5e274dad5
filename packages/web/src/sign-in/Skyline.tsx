import type { ReactElement } from 'react';

const BARS = 230;
const WIDTH = 1440;
const HEIGHT = 140;

/** A quiet histogram along the foot of the page. It shows nothing: nobody has signed in. */
export function Skyline(): ReactElement {
  return (
    <svg className="skyline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={OUTLINE} />
    </svg>
  );
}

const OUTLINE = Array.from({ length: BARS }, (_, i) => {
  const step = WIDTH / BARS;
  const height = barHeight(i);
  return `M${(i * step).toFixed(1)} ${HEIGHT}v${-height}h${(step - 1).toFixed(1)}v${height}z`;
}).join('');

/** Waves of some lengths, and a bit of noise that is the same each time. */
function barHeight(i: number): number {
  const noise = Math.abs(Math.sin(i * 12.9898) * 43758.5453) % 1;
  return Math.round(78 + 24 * Math.sin(i / 10) + 12 * Math.sin(i / 4.3 + 1) + 26 * noise);
}
