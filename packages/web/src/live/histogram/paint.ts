/** Draws the bars: fatal and error at the bottom, so that their heights share a baseline. */

import { LEVELS, type Level } from '@flywatch/core';
import type { Counts } from './buckets.ts';

export interface BarColours {
  readonly ghost: string;
  readonly levels: Readonly<Record<Level, string>>;
}

/** The colours of the theme that holds now. */
export function barColours(element: Element): BarColours {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--bar-${name}`).trim();
  const levels = Object.fromEntries(LEVELS.map((level) => [level, token(level)])) as Record<Level, string>;
  return { ghost: token('ghost'), levels };
}

interface Picture {
  readonly counts: Counts;
  /** All lines of each bucket, drawn behind those that match. */
  readonly ghost: readonly number[] | undefined;
  readonly colours: BarColours;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly scale: number;
}

/** Worst first: from the bottom up. */
const STACK = LEVELS.map((_, rank) => LEVELS.length - 1 - rank);

/** A single line must be seen beside ten thousand. */
const MIN_BAR_PX = 1;

export function paint(canvas: HTMLCanvasElement, picture: Picture): void {
  const { counts, ghost, colours, widthPx, heightPx, scale } = picture;
  const size = counts[0]!.length;
  // Setting the size clears the canvas, and is what makes it as fine as the screen.
  canvas.width = Math.round(widthPx * scale);
  canvas.height = Math.round(heightPx * scale);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const total = (at: number) => counts.reduce((sum, level) => sum + level[at]!, 0);
  let top = 1;
  for (let at = 0; at < size; at++) top = Math.max(top, ghost?.[at] ?? 0, total(at));
  const gap = canvas.width / size >= 4 * scale ? Math.round(scale) : 0;
  const height = (count: number) => (count === 0 ? 0 : Math.max(MIN_BAR_PX * scale, (count / top) * canvas.height));
  for (let at = 0; at < size; at++) {
    // Whole pixels of the screen: half of one is a blur.
    const left = Math.round((at * canvas.width) / size);
    const width = Math.max(1, Math.round(((at + 1) * canvas.width) / size) - left - gap);
    const bar = (colour: string, bottom: number, up: number) => {
      const from = Math.round(canvas.height - bottom - up);
      const to = Math.round(canvas.height - bottom);
      if (to <= from) return;
      context.fillStyle = colour;
      context.fillRect(left, from, width, to - from);
    };
    if (ghost !== undefined) bar(colours.ghost, 0, height(ghost[at] ?? 0));
    let bottom = 0;
    for (const rank of STACK) {
      const up = height(counts[rank]![at]!);
      bar(colours.levels[LEVELS[rank]!], bottom, up);
      bottom += up;
    }
  }
}
