/** Warnings and worse of the whole list as marks beside its scroll bar: where to look in 100,000 lines. */

import { levelRank } from '@flywatch/core';
import type { ChunkedList, StreamItem } from '@flywatch/react';
import { type ReactElement, useEffect, useRef } from 'react';

interface OverviewMarksProps {
  readonly items: ChunkedList<StreamItem>;
  /** Pixels from the top of the list to a row, and of the whole list. */
  readonly offset: (position: number) => number;
  readonly totalPx: number;
}

/** Drawing looks at every line: at most so often. */
const DRAW_EVERY_MS = 500;

const LEAST_RANK = levelRank('warn');
const TOKENS = ['--bar-warn', '--bar-error', '--bar-fatal'];

/** Height of a mark. */
const MARK_PX = 2;

export function OverviewMarks(props: OverviewMarksProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    let drawn: unknown;
    let size = 0;
    const draw = () => {
      const element = canvas.current;
      const { items, totalPx } = latest.current;
      if (element === null || (drawn === items && size === element.clientHeight)) return;
      drawn = items;
      size = element.clientHeight;
      drawMarks(element, latest.current, Math.max(totalPx, size));
    };
    draw();
    const timer = setInterval(draw, DRAW_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return <canvas ref={canvas} className="list-overview" />;
}

function drawMarks(canvas: HTMLCanvasElement, { items, offset }: OverviewMarksProps, totalPx: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext('2d');
  if (context === null || totalPx === 0) return;
  context.scale(scale, scale);
  // A mark a pixel row: the worst that is there.
  const worst = new Uint8Array(Math.ceil(height / MARK_PX) + 1);
  let position = items.first;
  for (const item of items) {
    const rank = item.type === 'line' ? levelRank(item.event.level) : 0;
    if (rank >= LEAST_RANK) {
      const row = Math.floor((offset(position) / totalPx) * (height / MARK_PX));
      if (worst[row]! < rank) worst[row] = rank;
    }
    position++;
  }
  const style = getComputedStyle(canvas);
  const colours = TOKENS.map((token) => style.getPropertyValue(token));
  for (const [row, rank] of worst.entries()) {
    if (rank === 0) continue;
    context.fillStyle = colours[rank - LEAST_RANK]!;
    context.fillRect(2, row * MARK_PX, width - 4, MARK_PX);
  }
}
