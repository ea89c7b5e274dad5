/** What the hub has already of the time that is being filled, a slice at a time, so that memory stays bounded. */

import { type LineIdentity, lineKey } from './line-key.ts';
import { Tally } from './tally.ts';
import type { Window } from './window.ts';

/** An event that the hub has; `LogEvent` is one. */
export interface KnownEvent extends LineIdentity {
  /** Place in the order of arrival. Tells what was already counted when it came over the bus. */
  readonly position: number;
}

export interface KnownEvents {
  /**
   * The events of an app with source times from `fromMs` up to and without `toMs`, by source time, oldest first. What was
   * accepted before the call is among them, written to disk or not.
   */
  load(app: string, fromMs: number, toMs: number, signal: AbortSignal): AsyncIterable<KnownEvent>;
}

export interface SliceBounds {
  readonly maxMs: number;
  /** Keys of one slice; it ends early, but not within its first millisecond, when there are more. */
  readonly maxKeys: number;
}

export interface Slice extends Window {
  readonly lines: Tally;
}

/** The slice that a window begins with. `isCounted` tells of a position whether its event is counted elsewhere. */
export async function loadSlice(
  known: KnownEvents,
  app: string,
  window: Window,
  bounds: SliceBounds,
  isCounted: (position: number) => boolean,
  signal: AbortSignal,
): Promise<Slice> {
  const { fromMs } = window;
  const toMs = Math.min(window.toMs, fromMs + bounds.maxMs);
  const lines = new Tally(Number.POSITIVE_INFINITY);
  for await (const event of known.load(app, fromMs, toMs, signal)) {
    signal.throwIfAborted();
    const { timeMs } = event;
    if (timeMs < fromMs || timeMs >= toMs) continue;
    // The next slice begins with that millisecond and loads all of it again. The first one is never torn: it would be for ever.
    if (lines.keys >= bounds.maxKeys && timeMs > fromMs) return { fromMs, toMs: timeMs, lines };
    if (!isCounted(event.position)) lines.add(lineKey(app, event));
  }
  return { fromMs, toMs, lines };
}
