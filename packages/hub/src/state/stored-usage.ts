/** What all questions to the assistant have used, as the state keeps it. */

export interface StoredUsage {
  /** When counting began, in milliseconds since 1970. */
  sinceMs: number;
  requests: number;
  failed: number;
  withTools: number;
  promptTokens: number;
  completionTokens: number;
  costUsd: number;
  timeMs: number;
}

export function newUsage(sinceMs: number): StoredUsage {
  return {
    ...{ sinceMs, requests: 0, failed: 0, withTools: 0 },
    ...{ promptTokens: 0, completionTokens: 0, costUsd: 0, timeMs: 0 },
  };
}

/** Undefined where a number is missing or is none: counting then begins anew. */
export function parseUsage(value: unknown): StoredUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const usage = newUsage(0);
  for (const name of Object.keys(usage) as (keyof StoredUsage)[]) {
    const number = given[name];
    if (typeof number !== 'number' || !(number >= 0)) return undefined;
    usage[name] = number;
  }
  return usage;
}
