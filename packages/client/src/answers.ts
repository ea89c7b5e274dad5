/**
 * What the hub answers, under the names of its HTTP documentation, and the guard that each answer passes. A guard looks
 * at what the documents promise; a newer hub may say more, and that is kept.
 */

export interface HealthReport {
  readonly status: 'healthy' | 'degraded';
  readonly nats_connected: boolean;
  readonly active_connections: number;
  readonly messages_forwarded: number;
  readonly uptime_seconds: number;
}

export interface ReadyReport {
  /** Whether every configured source is connected and the store works. */
  readonly ready: boolean;
  /** Each part and its state, as the hub words it. */
  readonly report: Readonly<Record<string, unknown>>;
}

export interface MetricsReport {
  readonly timestamp: string;
  readonly uptime_seconds: number;
  readonly nats_connected: boolean;
  readonly subscription_errors: number;
  readonly messages_forwarded: number;
  readonly active_sse_connections: number;
  readonly active_ws_connections: number;
  /** Absent until the first sample. */
  readonly system?: {
    readonly cpu_usage_percent: number;
    readonly memory_used_bytes: number;
    readonly memory_total_bytes: number;
    readonly memory_usage_percent: number;
  };
}

export interface BufferStats {
  readonly total_count: number;
  /** Null while the ring is empty. */
  readonly oldest_timestamp: string | null;
  readonly newest_timestamp: string | null;
  readonly error_count: number;
  readonly warn_count: number;
  readonly active_instances: readonly string[];
}

export interface IngestResult {
  /** Events that will survive a crash of the hub. */
  readonly accepted: number;
}

/** Keys that an answer has to have, and of what type each has to be; more than one where null is an answer too. */
export type Shape = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'array' | 'string or null'>>;

export const HEALTH: Shape = {
  status: 'string',
  nats_connected: 'boolean',
  active_connections: 'number',
  messages_forwarded: 'number',
  uptime_seconds: 'number',
};

export const METRICS: Shape = {
  timestamp: 'string',
  uptime_seconds: 'number',
  nats_connected: 'boolean',
  subscription_errors: 'number',
  messages_forwarded: 'number',
  active_sse_connections: 'number',
  active_ws_connections: 'number',
};

export const BUFFER_STATS: Shape = {
  total_count: 'number',
  oldest_timestamp: 'string or null',
  newest_timestamp: 'string or null',
  error_count: 'number',
  warn_count: 'number',
  active_instances: 'array',
};

export const INGESTED: Shape = { accepted: 'number' };

export const ANY_OBJECT: Shape = {};

/** The object in this JSON when it has the shape; otherwise what is wrong with it, as a string. */
export function parseAnswer(json: string, shape: Shape): Record<string, unknown> | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return 'something that is not JSON';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'JSON that is no object';
  const answer = value as Record<string, unknown>;
  for (const [key, type] of Object.entries(shape)) {
    if (!type.split(' or ').includes(typeName(answer[key]))) return `JSON in which ${key} is not ${type}`;
  }
  return answer;
}

/** An absent key counts as null. */
function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
