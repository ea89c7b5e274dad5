/** What a check is, and what one run of it says. */

import type { Condition } from './condition.ts';
import type { Phases } from './phases.ts';

export type CheckProtocol = 'http' | 'https' | 'tcp' | 'tls';

/** A check as the configuration gives it, every option present. */
export interface CheckSpec {
  /** The app that it belongs to. */
  readonly app: string;
  readonly name: string;
  /** As written; `target` is the same, parsed. */
  readonly url: string;
  readonly target: URL;
  readonly protocol: CheckProtocol;
  readonly intervalMs: number;
  /** For everything one try may take: DNS, connect, TLS, redirects and body together. */
  readonly timeoutMs: number;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Redirects that are followed; 0 judges the first answer. */
  readonly redirects: number;
  readonly expect: readonly Condition[];
  /** Further tries before a run counts as failed. */
  readonly retries: number;
  readonly retryIntervalMs: number;
  /** Failed runs in a row that make the state `down`. */
  readonly failAfter: number;
  /** Good runs in a row that end `down`. */
  readonly recoverAfter: number;
  /** 4 or 6 where the address family matters. */
  readonly family: 0 | 4 | 6;
  readonly insecure: boolean;
  /** Certificates of an own authority (PEM), in place of the system's. */
  readonly ca: string | undefined;
}

/** Which part of a try went wrong. */
export type CheckErrorKind =
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'tls'
  | 'certificate'
  | 'protocol'
  | 'redirects'
  | 'status'
  | 'body'
  | 'condition';

/** What a try found, before it is judged. */
export interface Observation {
  /** Whether a connection came about; what follows says how far it went. */
  readonly connected: boolean;
  readonly phases: Phases;
  readonly statusCode: number | undefined;
  readonly body: string | undefined;
  /** The body is longer than what was read of it. */
  readonly bodyCut: boolean;
  /** Address that answered. */
  readonly address: string | undefined;
  /** Until the certificate ends; negative after it. */
  readonly certificateMs: number | undefined;
  readonly error: { readonly kind: CheckErrorKind; readonly message: string } | undefined;
}

/** How a try is judged: `slow` answers as it should, but worse than wished (response time, days of the certificate). */
export type Verdict = 'good' | 'slow' | 'failed';

export type CheckState = 'up' | 'degraded' | 'down';

export interface CheckResult {
  readonly spec: CheckSpec;
  /** Wall clock at the start of the try that counts. */
  readonly atMs: number;
  readonly verdict: Verdict;
  readonly state: CheckState;
  readonly observation: Observation;
  readonly errorKind: CheckErrorKind | undefined;
  /** What was wrong, in one line. */
  readonly message: string | undefined;
  /** Tries that it took. */
  readonly attempts: number;
}
