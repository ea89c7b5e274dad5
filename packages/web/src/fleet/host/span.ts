/** The stretch of time that all charts of a host show. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where a moment stands on the axis; below 0 or above 100 beside it. */
export function percentOn({ fromMs, toMs }: Span, ms: number): number {
  return (100 * (ms - fromMs)) / (toMs - fromMs);
}
