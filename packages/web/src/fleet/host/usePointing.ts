/** The crosshair: where the pointer, a finger or the arrow keys are on the time axis, and what is dragged over. */

import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import type { Span } from './span.ts';

export interface Pointing {
  /** Where the crosshair is. */
  readonly atMs: number | undefined;
  readonly dragged: Span | undefined;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onPointerLeave: () => void;
    readonly onPointerCancel: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

interface Wishes {
  readonly onSelect: (span: Span) => void;
  /** A press that was no drag. */
  readonly onPress: (ms: number) => void;
}

/** A press that moves less is a click that trembled. */
const MIN_DRAG_PX = 4;

/** An arrow key moves by this share of what is shown. */
const KEY_SHARE = 1 / 120;

export function usePointing({ fromMs, toMs }: Span, { onSelect, onPress }: Wishes): Pointing {
  const [atMs, setAt] = useState<number>();
  const [press, setPress] = useState<{ readonly x: number; readonly ms: number; readonly isDrag: boolean }>();
  const dragged = press?.isDrag === true && atMs !== undefined ? ordered(press.ms, atMs) : undefined;

  function msAt({ clientX, currentTarget }: PointerEvent): number {
    const { left, width } = currentTarget.getBoundingClientRect();
    return fromMs + Math.min(1, Math.max(0, (clientX - left) / width)) * (toMs - fromMs);
  }

  function clear(): void {
    setAt(undefined);
    setPress(undefined);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (step !== 0) {
      const next = (atMs ?? toMs) + step * KEY_SHARE * (toMs - fromMs);
      setPress(event.shiftKey ? (press ?? { x: 0, ms: atMs ?? toMs, isDrag: true }) : undefined);
      setAt(Math.min(toMs, Math.max(fromMs, next)));
    } else if (event.key === 'Enter' && dragged !== undefined) {
      clear();
      onSelect(dragged);
    } else if (event.key === 'Enter' && atMs !== undefined) onPress(atMs);
    else if (event.key === 'Escape' && atMs !== undefined) clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return {
    atMs,
    dragged,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPress({ x: event.clientX, ms: msAt(event), isDrag: false });
        setAt(msAt(event));
      },
      onPointerMove: (event) => {
        setAt(msAt(event));
        if (press !== undefined && !press.isDrag && Math.abs(event.clientX - press.x) >= MIN_DRAG_PX) {
          setPress({ ...press, isDrag: true });
        }
      },
      onPointerUp: () => {
        setPress(undefined);
        if (dragged !== undefined) onSelect(dragged);
        else if (press !== undefined) onPress(press.ms);
      },
      onPointerLeave: () => press === undefined && clear(),
      onPointerCancel: clear,
      onKeyDown,
      onBlur: clear,
    },
  };
}

function ordered(a: number, b: number): Span {
  return { fromMs: Math.min(a, b), toMs: Math.max(a, b) };
}
