/** Calls at most once in so many milliseconds, and where there are animation frames, in one of them. */

export interface FrameScheduler {
  /** Asks for a call; those that are asked for before it comes share it. */
  request(): void;
  cancel(): void;
}

/** A hidden page gets no frames: then a call comes all the same, so that what waits does not pile up. */
const HIDDEN_FRAME_MS = 1_000;

export function scheduleFrames(intervalMs: number, run: () => void): FrameScheduler {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame: number | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;

  const cancel = () => {
    clearTimeout(timer);
    if (frame !== undefined) cancelAnimationFrame(frame);
    timer = frame = undefined;
  };
  const fire = () => {
    cancel();
    lastMs = performance.now();
    run();
  };
  const due = () => {
    if (typeof requestAnimationFrame !== 'function') {
      fire();
      return;
    }
    timer = setTimeout(fire, HIDDEN_FRAME_MS);
    frame = requestAnimationFrame(fire);
  };
  return {
    request() {
      if (timer !== undefined || frame !== undefined) return;
      timer = setTimeout(due, Math.max(0, lastMs + intervalMs - performance.now()));
    },
    cancel,
  };
}
