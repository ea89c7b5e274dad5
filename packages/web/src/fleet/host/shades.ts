/** Outages as they can be told apart on the axis. Pure. */

import { percentOn, type Span } from './span.ts';
import type { Outage } from './vps-series.ts';

/**
 * Short outages that are closer on the screen are one shade: a host that was away every hour of a month has seven hundred of
 * them. One that is wider itself can be told apart, and keeps its own.
 */
const NEAR_PX = 12;

export interface Shade extends Span {
  /** Whether the last of them lasts. */
  readonly isOpen: boolean;
  readonly outages: number;
  /** How long nothing was reported: of several outages less than the shade is long. */
  readonly silentMs: number;
}

/** Those on the axis, in their order. The first and the last go on beyond it where the outage does. */
export function shadesOf(outages: readonly Outage[], span: Span, widthPx: number): readonly Shade[] {
  const nearMs = (NEAR_PX / Math.max(1, widthPx)) * (span.toMs - span.fromMs);
  const shades: Shade[] = [];
  for (const { from, to } of outages) {
    const isOpen = to === null;
    const [fromMs, toMs] = [Date.parse(from), isOpen ? span.toMs : Date.parse(to)];
    if (toMs <= span.fromMs || fromMs >= span.toMs) continue;
    const shade = { fromMs, toMs, isOpen, outages: 1, silentMs: toMs - fromMs };
    const before = shades.at(-1);
    if (before !== undefined && fromMs - before.toMs < nearMs && isShort(before, nearMs) && isShort(shade, nearMs)) {
      shades[shades.length - 1] = {
        ...shade,
        fromMs: before.fromMs,
        outages: before.outages + 1,
        silentMs: before.silentMs + shade.silentMs,
      };
    } else shades.push(shade);
  }
  return shades;
}

function isShort({ outages, silentMs }: Shade, nearMs: number): boolean {
  return outages > 1 || silentMs < nearMs;
}

/** Where a shade is on the axis, as shares of it. */
export function sharesOf({ fromMs, toMs }: Shade, span: Span): readonly [left: number, right: number] {
  const share = (ms: number) => Math.min(1, Math.max(0, percentOn(span, ms) / 100));
  return [share(fromMs), share(toMs)];
}
