/**
 * The two ways in which a call to a hub fails: it answered with an error, or it did not answer.
 *
 * Both may end up in somebody's log, so neither carries the token, nor the query of the address (a search may hold
 * anything), and text from the other side is short and free of control characters (a terminal would obey them).
 */

/** A hub's message is a sentence or two; what is longer is a proxy's page. */
const MAX_MESSAGE_CHARS = 500;

/** Longest `Retry-After` that is kept: beyond it, trying once too often costs less than a viewer that seems dead. */
export const MAX_SERVER_DELAY_MS = 5 * 60_000;

/** Statuses that another try cannot change: the request, the token, or what the token may do is wrong. */
const FINAL_STATUSES: ReadonlySet<number> = new Set([400, 401, 403]);

export interface HubErrorInit {
  readonly status: number;
  readonly code: string;
  readonly url: string;
  readonly retryAfterMs?: number | undefined;
}

/** The hub (or a proxy before it) answered, and the answer was not what was asked for. */
export class HubError extends Error {
  override readonly name = 'HubError';
  /** HTTP status; 200 where the answer came in a form that no hub sends. */
  readonly status: number;
  /** The hub's error code; `http_<status>` where the answer was not the hub's; `unexpected_answer` where it cannot be read. */
  readonly code: string;
  /** Address without credentials and query. */
  readonly url: string;
  /** How long the other side asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, init: HubErrorInit) {
    super(printable(message));
    this.status = init.status;
    this.code = printable(init.code);
    this.url = init.url;
    this.retryAfterMs = init.retryAfterMs;
  }

  /** Whether the same request will fail again for as long as nobody changes something: 400, 401, 403. */
  get isFinal(): boolean {
    return FINAL_STATUSES.has(this.status);
  }
}

/** No answer: the network, the name, the port, a time limit, or a connection that broke before the answer was whole. */
export class HubUnreachableError extends Error {
  override readonly name = 'HubUnreachableError';
  /** Address without credentials and query. */
  readonly url: string;

  constructor(detail: string, init: { readonly url: string; readonly cause?: unknown }) {
    super(
      `no answer from ${init.url}: ${printable(detail)}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.url = init.url;
  }
}

/**
 * What to say about a rejected fetch: `ECONNREFUSED` says more than the `fetch failed` that Node puts around it, and where there
 * is no code the innermost error says most.
 */
export function describeFailure(failure: unknown): string {
  let message = String(failure);
  for (let error = failure, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && code !== '') return code;
    message = error.message;
  }
  return message;
}

/** Seconds or a date, as `Retry-After` has them; undefined for anything else. At most {@link MAX_SERVER_DELAY_MS}. */
export function parseRetryAfter(value: string | null, nowEpochMs: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowEpochMs;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), MAX_SERVER_DELAY_MS) : undefined;
}

function printable(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return clean.length <= MAX_MESSAGE_CHARS ? clean : `${clean.slice(0, MAX_MESSAGE_CHARS)}…`;
}
