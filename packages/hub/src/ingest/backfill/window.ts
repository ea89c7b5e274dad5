/** Spans of source time, in milliseconds since 1970: `fromMs` belongs to the window, `toMs` does not. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The smallest window that holds both. What lies between them is asked for too; the merge drops what is known of it. */
export function union(one: Window | undefined, other: Window): Window {
  if (one === undefined) return other;
  return { fromMs: Math.min(one.fromMs, other.fromMs), toMs: Math.max(one.toMs, other.toMs) };
}

/** The part of a window from `fromMs` on; undefined where nothing is left. */
export function since(window: Window, fromMs: number): Window | undefined {
  const from = Math.max(window.fromMs, fromMs);
  return from < window.toMs ? { fromMs: from, toMs: window.toMs } : undefined;
}
