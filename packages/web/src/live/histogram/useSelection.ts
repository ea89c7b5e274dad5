import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { Grid } from './buckets.ts';
import type { Span } from './ReadOut.tsx';

interface Selection {
  /** What is under the pointer, or between where it was pressed and where it is. */
  readonly span: Span | undefined;
  readonly isSelecting: boolean;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

interface Place {
  /** Time where the selection began: a grid that moves on under the pointer must not move it. */
  readonly anchorMs: number | undefined;
  readonly atMs: number;
}

/** A press that moves less is a click that trembled. */
const MIN_DRAG_PX = 4;

/** Buckets that are pointed at or dragged over, with a pointer or with arrows; `onSelect` gets those that were selected. */
export function useSelection(grid: Grid, onSelect: (span: Span) => void): Selection {
  const [place, setPlace] = useState<Place>();
  const [pressedX, setPressedX] = useState<number>();
  const { fromMs, stepMs, size } = grid;
  const bucketOf = (ms: number) => Math.max(0, Math.min(size - 1, Math.floor((ms - fromMs) / stepMs)));
  const span = place && {
    from: Math.min(bucketOf(place.anchorMs ?? place.atMs), bucketOf(place.atMs)),
    to: Math.max(bucketOf(place.anchorMs ?? place.atMs), bucketOf(place.atMs)) + 1,
  };
  const isSelecting = place?.anchorMs !== undefined;

  function msAt(event: PointerEvent): number {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return fromMs + ((event.clientX - left) / width) * size * stepMs;
  }

  function clear(): void {
    setPlace(undefined);
    setPressedX(undefined);
  }

  function onPointerMove(event: PointerEvent): void {
    const atMs = msAt(event);
    const drags = pressedX !== undefined && Math.abs(event.clientX - pressedX) >= MIN_DRAG_PX;
    if (drags && place?.anchorMs === undefined) setPlace({ anchorMs: place?.atMs ?? atMs, atMs });
    // Where it was pressed stays the place until it is a drag.
    else if (pressedX === undefined || place?.anchorMs !== undefined) setPlace({ anchorMs: place?.anchorMs, atMs });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step !== 0) {
      const atMs = place?.atMs ?? fromMs + (size - 1) * stepMs - step * stepMs;
      const next = fromMs + (bucketOf(atMs + step * stepMs) + 0.5) * stepMs;
      setPlace({ anchorMs: event.shiftKey ? (place?.anchorMs ?? atMs) : undefined, atMs: next });
    } else if (event.key === 'Enter' && span !== undefined) {
      clear();
      onSelect(span);
    } else if (event.key === 'Escape' && place !== undefined) clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    span,
    isSelecting,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPressedX(event.clientX);
        setPlace({ anchorMs: undefined, atMs: msAt(event) });
      },
      onPointerMove,
      onPointerUp: () => {
        setPressedX(undefined);
        if (!isSelecting || span === undefined) return;
        clear();
        onSelect(span);
      },
      onPointerLeave: () => pressedX === undefined && clear(),
      onPointerCancel: clear,
      onKeyDown,
      onBlur: clear,
    },
  };
}
