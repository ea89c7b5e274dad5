/** What the assistant looked up: in words, and how much came back. */

import type { ChatEvent } from '@flywatch/client';

export interface LookUp {
  readonly id: string;
  readonly name: string;
  /** What was asked for, as text. */
  readonly detail: string;
  readonly startedMs: number;
  /** Undefined while it runs. */
  readonly tookMs: number | undefined;
  readonly ok: boolean;
  /** Ids of the lines that came back. */
  readonly lines: ReadonlySet<string>;
}

/** What tools do, while they do it and afterwards. One that is not known here goes by its name. */
const DOINGS: Readonly<Record<string, readonly [now: string, past: string]>> = {
  get_logs: ['Reading lines', 'read lines'],
  search_logs: ['Searching', 'searched'],
  count_logs: ['Counting', 'counted'],
  get_log_context: ['Reading around a line', 'read around a line'],
  get_patterns: ['Comparing patterns', 'compared patterns'],
  get_metrics: ['Reading the hub’s figures', 'read the hub’s figures'],
  get_hosts: ['Looking at hosts', 'looked at hosts'],
  get_host_metrics: ['Reading figures of a host', 'read figures of a host'],
  get_checks: ['Reading checks', 'read checks'],
  get_snapshots: ['Reading snapshots', 'read snapshots'],
};

/** Characters of what was asked for: a row has no room for more. */
const MAX_DETAIL_CHARS = 160;

export function beginLookUp(call: Extract<ChatEvent, { type: 'tool_call' }>, nowMs: number): LookUp {
  const { id, name } = call;
  return {
    id,
    name,
    detail: detailOf(call.arguments),
    startedMs: nowMs,
    tookMs: undefined,
    ok: true,
    lines: new Set(),
  };
}

export function endLookUp(
  lookUp: LookUp,
  { ok, result }: Extract<ChatEvent, { type: 'tool_result' }>,
  nowMs: number,
): LookUp {
  return { ...lookUp, ok, tookMs: nowMs - lookUp.startedMs, lines: linesIn(result) };
}

export function doingNow({ name }: LookUp): string {
  return DOINGS[name]?.[0] ?? name;
}

/** `counted, searched, compared patterns`: each once, in their order. */
export function doneInWords(lookUps: readonly LookUp[]): string {
  return [...new Set(lookUps.map(({ name }) => DOINGS[name]?.[1] ?? name))].join(', ');
}

/** `level:error "archive command" from:1h`, from the arguments of a call. */
function detailOf(given: unknown): string {
  if (typeof given !== 'object' || given === null) return '';
  const parts = Object.entries(given)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return name === 'q' || name === 'filter' ? text : `${name}:${text}`;
    });
  return parts.join(' ').slice(0, MAX_DETAIL_CHARS);
}

/** Each line of a tool's answer that is a line of the log ends in its id. */
function linesIn(result: string): ReadonlySet<string> {
  return new Set(Array.from(result.matchAll(/ {2}#([0-9a-z]{11}-[0-9a-z]{5})$/gm), ([, id]) => id!));
}
