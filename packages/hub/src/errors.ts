/**
 * The hub's errors: one table of codes, statuses and meanings. `docs/errors.md` is compared with it by a test. Every
 * answer that is no success is made from one of these: `{"error": message, "code": code, "status": status}`.
 */

export const ERRORS = {
  bad_request: {
    status: 400,
    meaning: 'The request cannot be understood as HTTP or its body is not what it claims to be.',
  },
  bad_parameter: {
    status: 400,
    meaning: 'A query parameter has a value that it cannot have; the message names both and what was expected.',
  },
  bad_filter: {
    status: 400,
    meaning: 'The filter in `q` is not in the filter language; the message points at the place.',
  },
  bad_event_id: { status: 400, meaning: '`after` or `Last-Event-ID` is not an event id.' },
  bad_json: { status: 400, meaning: 'A JSON body does not parse; nothing of it was taken.' },
  bad_row: {
    status: 400,
    meaning:
      'A row of figures or of checks has a field that it cannot have; the message names row, field and value, and nothing of the batch was taken.',
  },
  unauthorized: { status: 401, meaning: 'There is no token, or a wrong one.' },
  forbidden: {
    status: 403,
    meaning: 'The token is right but may not do this: `INGEST_TOKEN` and the tokens of agents only write.',
  },
  forbidden_origin: {
    status: 403,
    meaning: 'A page of another origin asked with a cookie or for a WebSocket, and `CORS_ORIGIN` does not name it.',
  },
  not_found: { status: 404, meaning: 'There is no such route.' },
  unknown_event: {
    status: 404,
    meaning: 'There is no event with this id: retention has taken it, or it is of another hub.',
  },
  unknown_snapshot: { status: 404, meaning: 'There is no snapshot with this id.' },
  unknown_conversation: {
    status: 404,
    meaning: 'There is no conversation with this id: they are kept in memory, for an hour. Begin a new one.',
  },
  unknown_agent: { status: 404, meaning: 'No agent with this id has a token: it was revoked before, or never was.' },
  no_agent_file: {
    status: 404,
    meaning: 'The hub has no agent as one file for this kind of machine; the message says how to build it.',
  },
  method_not_allowed: { status: 405, meaning: 'The route exists, for other methods; the `Allow` header names them.' },
  too_many_agents: { status: 409, meaning: 'As many agents have tokens as the hub keeps; revoke one first.' },
  request_timeout: { status: 408, meaning: 'The request did not arrive in time.' },
  too_large: { status: 413, meaning: 'The body is over the limit, packed or unpacked.' },
  unsupported_encoding: {
    status: 415,
    meaning: 'The `Content-Encoding` is not one of identity, gzip, deflate, br, zstd.',
  },
  upgrade_required: { status: 426, meaning: 'The route speaks WebSocket only.' },
  rate_limited: {
    status: 429,
    meaning: 'This client has asked as many questions as it may in a minute; `Retry-After` says when to come again.',
  },
  headers_too_large: { status: 431, meaning: 'The request line and headers are over the limit.' },
  internal: { status: 500, meaning: 'A fault of the hub; its log has more.' },
  model_refused: {
    status: 502,
    meaning: 'The provider of the model does not take the key of the hub, or does not let it use this model.',
  },
  model_unpaid: { status: 502, meaning: 'The account at the provider of the model has no credit left.' },
  model_failed: {
    status: 502,
    meaning:
      'The provider of the model cannot be reached, failed, or gave an answer that cannot be used, also when asked again.',
  },
  chat_limit: {
    status: 502,
    meaning:
      'The model came to no answer within the rounds, tokens or money that a question may cost; `CHAT_MAX_…` sets them.',
  },
  chat_not_configured: {
    status: 503,
    meaning: 'No model is configured; set `OPENROUTER_API_KEY`.',
  },
  model_busy: {
    status: 503,
    meaning: 'The provider of the model takes no more requests for the moment; `Retry-After` says when to come again.',
  },
  overloaded: {
    status: 503,
    meaning: 'The hub is busy with as much as it may be; `Retry-After` says when to come again.',
  },
  store_unavailable: {
    status: 503,
    meaning: 'The store cannot be written or read now; `Retry-After` says when to come again, and `/ready` why.',
  },
  shutting_down: { status: 503, meaning: 'The hub is about to stop; another one will answer.' },
  model_timeout: { status: 504, meaning: 'The model came to no answer within `CHAT_TIMEOUT_SECONDS`.' },
} as const satisfies Record<string, { status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error that a client is told about. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** Headers that belong to the answer, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; headers?: Record<string, string> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'HttpError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.headers = options.headers ?? {};
  }
}

/** The body that every error has. */
export function errorBody(error: HttpError): { error: string; code: ErrorCode; status: number } {
  return { error: error.message, code: error.code, status: error.status };
}

/** A configuration that cannot be used: all its mistakes at once. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${mistakes.map((m) => `  - ${m}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.mistakes = mistakes;
  }
}
