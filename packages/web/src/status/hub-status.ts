/** What `GET /status` answers (docs/http.md), as far as this page uses it, and what follows from it. */

import { counted, formatAge, formatCount, formatSpan } from '../app/format.ts';

export interface HubStatus {
  readonly timestamp: string;
  readonly versions: { readonly hub: string; readonly node: string };
  readonly started_at: string;
  readonly uptime_seconds: number;
  readonly memory_bytes: number;
  readonly ready: boolean;
  readonly auth_required: boolean;
  readonly sources: readonly SourceReport[];
  readonly ring: {
    readonly events: number;
    readonly max_events: number;
    readonly max_age_seconds: number;
    readonly chars: number;
    readonly oldest_at: string | null;
    readonly newest_at: string | null;
    readonly events_total: number;
  };
  readonly store: {
    readonly state: string;
    readonly ready: boolean;
    readonly detail?: string;
    readonly kind: string;
    readonly path: string | null;
    readonly bytes: number | null;
    readonly max_bytes: number | null;
    readonly retention_days: number | null;
    readonly events_written: number;
    readonly events_pending: number;
  };
  readonly readers: {
    readonly now: number;
    readonly blocked: number;
    readonly deliveries: number;
    readonly delivered_bytes: number;
    readonly list: readonly ReaderReport[];
  };
  readonly losses: Losses;
}

export interface SourceReport {
  readonly name: string;
  readonly state: string;
  readonly ready: boolean;
  readonly detail: string | null;
  readonly since: string | null;
  readonly events: number;
  readonly last_event_at: string | null;
  readonly reconnects: number;
  readonly errors: number;
}

export interface ReaderReport {
  readonly address: string | null;
  readonly agent: string | null;
  readonly over: 'sse' | 'websocket';
  readonly filter: Readonly<Record<string, string>>;
  readonly state: 'following' | 'catching_up' | 'blocked';
  readonly behind: number | null;
  readonly since: string;
}

export interface Losses {
  readonly ingest_rejected: number;
  readonly store_dropped_events: number;
  readonly relay_lost_events: number;
  readonly gaps: number;
  readonly events_skipped: number;
  readonly readers_closed_stalled: number;
  readonly lines_cut: number;
  readonly times_replaced: number;
}

export type Tone = 'ok' | 'late' | 'down' | 'off';

export interface Concern {
  readonly tone: 'late' | 'down';
  readonly text: string;
}

/** What a person should know of, the worst first; empty where everything works and nothing was lost. */
export function concernsOf(status: HubStatus): readonly Concern[] {
  const { sources, store, readers, losses } = status;
  const nowMs = Date.parse(status.timestamp);
  const concerns: Concern[] = [];
  for (const { name, ready, state, detail, since } of sources) {
    if (ready) continue;
    const tone = state === 'connecting' || state === 'stalled' ? 'late' : 'down';
    const age = since === null ? '' : ` since ${formatSpan(nowMs - Date.parse(since))}`;
    const why = detail === null ? '' : `: ${detail}`;
    concerns.push({ tone, text: `${sourceName(name)} is ${sourceState(state).word.toLowerCase()}${age}${why}` });
  }
  if (!store.ready) {
    const why = store.detail === null ? '' : `: ${store.detail}`;
    concerns.push({ tone: 'down', text: `The store is ${store.state}${why}` });
  }
  if (losses.store_dropped_events > 0) {
    const lines = counted(losses.store_dropped_events, 'line');
    concerns.push({ tone: 'down', text: `${lines} could not be kept, because the disk was too slow or full` });
  }
  if (readers.blocked > 0) {
    concerns.push({ tone: 'late', text: `${counted(readers.blocked, 'reader')} took nothing for a moment` });
  }
  if (!status.auth_required) {
    concerns.push({
      tone: 'late',
      text: 'AUTH_TOKEN is not set: everybody who reaches this address can read all logs',
    });
  }
  return concerns.toSorted((a, b) => Number(b.tone === 'down') - Number(a.tone === 'down'));
}

const SOURCE_NAMES: Readonly<Record<string, string>> = {
  fly: 'Fly’s log bus',
  http: 'Lines over HTTP',
  demo: 'Demo traffic',
};

/** A source that this page does not know yet has its own name. */
export function sourceName(name: string): string {
  return SOURCE_NAMES[name] ?? name;
}

const SOURCE_STATES: Readonly<Record<string, readonly [word: string, tone: Tone]>> = {
  connecting: ['Connecting', 'late'],
  connected: ['Receiving', 'ok'],
  stalled: ['Silent', 'late'],
  auth_failed: ['Refused', 'down'],
  disconnected: ['Disconnected', 'down'],
  stopped: ['Stopped', 'off'],
  listening: ['Listening', 'ok'],
  running: ['Running', 'ok'],
  off: ['Off', 'off'],
};

export function sourceState(state: string): { readonly word: string; readonly tone: Tone } {
  const [word, tone] = SOURCE_STATES[state] ?? [state, 'late'];
  return { word, tone };
}

/** What there is to say of a source beside its state. */
export function sourceNote({ name, state, detail, events, reconnects, errors }: SourceReport): string {
  if (detail !== null) return detail;
  if (name === 'http') return 'POST /ingest/logs';
  if (name === 'demo') {
    if (state === 'running') return 'ends when the first real line arrives';
    return events > 0 ? 'ended with the first real line' : 'a source is configured, or DEMO_RATE is 0';
  }
  if (reconnects === 0 && errors === 0) return 'no reconnect since start';
  return `${counted(reconnects, 'reconnect')}, ${counted(errors, 'error')} since start`;
}

/** Who reads, from what it says of itself. */
export function readerName({ agent, address }: ReaderReport): string {
  const who =
    agent === null ? 'Somebody' : /\b(?:Mozilla|Opera)\//.test(agent) ? browserName(agent) : agent.split(/[ (]/, 1)[0]!;
  return address === null || address === '' ? who : `${who}, ${address}`;
}

function browserName(agent: string): string {
  const [, name] = /\b(Firefox|Edg|OPR|Chrome|Safari)\//.exec(agent) ?? [];
  const kind = name === undefined ? 'Browser' : name === 'Edg' ? 'Edge' : name === 'OPR' ? 'Opera' : name;
  return /Mobile/.test(agent) ? `${kind} on a phone` : kind;
}

/** `level:warn app:a,b` as the reader asked for it; `everything` where it asked for nothing. */
export function readerFilter(filter: ReaderReport['filter']): string {
  const parts = Object.entries(filter).map(([name, value]) => (name === 'q' ? value : `${name}:${value}`));
  return parts.length === 0 ? 'everything' : parts.join(' ');
}

/** `0`, `4 120`, or that it reads from the store. */
export function behindText({ behind }: ReaderReport): string {
  return behind === null ? 'reads the store' : formatCount(behind);
}

/** The age of a moment of the answer, by the hub's own clock. */
export function ageOf(moment: string | null, status: HubStatus): string {
  return moment === null ? '–' : formatAge(Date.parse(status.timestamp) - Date.parse(moment));
}
