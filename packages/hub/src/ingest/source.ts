/** What every source of events has in common: a name, a state that never lies, a start and a stop. */

/**
 * - `connecting`: tried, and nobody has answered yet.
 * - `connected`: the server has answered the subscription.
 * - `stalled`: connected, but silent for far longer than is usual for it; the subscription is being renewed.
 * - `auth_failed`: the server refuses the credentials; tried again slowly.
 * - `disconnected`: was or could not be connected; tried again soon.
 * - `stopped`: not wanted any more.
 */
export type SourceState = 'connecting' | 'connected' | 'stalled' | 'auth_failed' | 'disconnected' | 'stopped';

export interface SourceStatus {
  readonly name: string;
  readonly state: SourceState;
  /** Since when, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** Why it is not connected, in a sentence for a person. */
  readonly detail: string | undefined;
  /** When the last message came, in milliseconds since 1970. */
  readonly lastMessageAtMs: number | undefined;
  readonly messages: number;
  readonly reconnects: number;
  readonly errors: number;
}

export interface Source {
  readonly status: SourceStatus;
  /** Begins; returns at once. Calling it twice changes nothing. */
  start(): void;
  /** Ends for good; resolves when its sockets and timers are gone. */
  stop(): Promise<void>;
}
