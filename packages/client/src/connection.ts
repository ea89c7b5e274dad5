/**
 * The address of a hub and how it is asked: one place for the URL, the token, the time limit and what becomes of an
 * answer that is an error. Everything that can be wrong with the options is said when they are given.
 */

import { describeFailure, HubError, HubUnreachableError, parseRetryAfter } from './errors.ts';
import type { Timers } from './timers.ts';

export interface ConnectionOptions {
  /**
   * Where the hub is, with its path if it lives behind one: `https://logs.example.org` or `https://example.org/logs-hub`.
   * In a browser it may be relative to the page.
   * @defaultValue the page's own origin in a browser; to be given elsewhere
   */
  readonly url?: string | undefined;
  /**
   * Sent as `Authorization: Bearer`, never in the URL. Without it a browser's cookie of the same origin counts. The
   * empty string is no token.
   */
  readonly token?: string | undefined;
  /**
   * Instead of the platform's `fetch`.
   * @defaultValue globalThis.fetch
   */
  readonly fetch?: typeof fetch | undefined;
}

/** An error body of ours is some hundred bytes; of a longer one the rest is not read. */
const MAX_ERROR_CHARS = 64 * 1024;

/** The largest answer that is read whole, where nothing else is said: the biggest but for pages of history is far below it. */
const MAX_ANSWER_CHARS = 8 * 1024 * 1024;

export interface HubRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Below the hub's address, without a slash at its beginning. */
  readonly path: string;
  readonly query?: URLSearchParams | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export class Connection {
  readonly #base: URL;
  readonly #token: string | undefined;
  readonly #fetch: typeof fetch;

  constructor(options: ConnectionOptions) {
    this.#base = parseHubUrl(options.url);
    this.#token = checkToken(options.token);
    // Not `options.fetch ?? globalThis.fetch`: a browser's fetch refuses to be called as another object's method.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** The address of a route, fit for an error message. */
  describe(path: string): string {
    return `${this.#base.origin}${this.#base.pathname}${path}`;
  }

  /**
   * The answer once its headers are here. Throws {@link HubUnreachableError} where none comes, also within `timeoutMs`.
   * Aborting `controller` ends request and body; a caller that takes the body has to do it in the end.
   */
  async open(request: HubRequest, controller: AbortController, timers: Timers, timeoutMs: number): Promise<Response> {
    const url = new URL(request.path, this.#base);
    if (request.query !== undefined) url.search = request.query.toString();
    const headers: Record<string, string> = { ...request.headers };
    if (this.#token !== undefined) headers.Authorization = `Bearer ${this.#token}`;
    let timedOut = false;
    const cancelTimeout = timers.after(timeoutMs, () => {
      timedOut = true;
      controller.abort();
    });
    try {
      return await this.#fetch(url.href, {
        method: request.method ?? 'GET',
        headers,
        body: request.body ?? null,
        signal: controller.signal,
        credentials: 'same-origin',
        cache: 'no-store',
      });
    } catch (failure) {
      const detail = timedOut ? `nothing within ${timeoutMs} ms` : describeFailure(failure);
      throw new HubUnreachableError(detail, { url: this.describe(request.path), cause: failure });
    } finally {
      cancelTimeout();
    }
  }

  /** A whole answer as text, and its status; an answer that is not 2xx throws unless `accept` names its status. */
  async call(
    request: HubRequest,
    limits: {
      timers: Timers;
      timeoutMs: number;
      signal?: AbortSignal | undefined;
      accept?: readonly number[];
      maxChars?: number;
    },
  ): Promise<{ status: number; text: string }> {
    limits.signal?.throwIfAborted();
    const controller = new AbortController();
    const abort = () => controller.abort();
    limits.signal?.addEventListener('abort', abort);
    const startedMs = limits.timers.nowMs();
    let cancelTimeout = () => {};
    try {
      const response = await this.open(request, controller, limits.timers, limits.timeoutMs);
      const leftMs = Math.max(0, limits.timeoutMs - (limits.timers.nowMs() - startedMs));
      if (!response.ok && limits.accept?.includes(response.status) !== true) {
        throw await this.failure(response, request, controller, limits.timers, leftMs);
      }
      cancelTimeout = limits.timers.after(leftMs, abort);
      const maxChars = limits.maxChars ?? MAX_ANSWER_CHARS;
      const text = await readText(response, maxChars);
      if (text === undefined) throw this.unexpected(response, request, `more than ${maxChars} characters`);
      return { status: response.status, text };
    } catch (failure) {
      limits.signal?.throwIfAborted();
      if (failure instanceof HubError || failure instanceof HubUnreachableError) throw failure;
      const detail = controller.signal.aborted ? `not whole within ${limits.timeoutMs} ms` : describeFailure(failure);
      throw new HubUnreachableError(detail, { url: this.describe(request.path), cause: failure });
    } finally {
      cancelTimeout();
      limits.signal?.removeEventListener('abort', abort);
      controller.abort();
    }
  }

  /**
   * The error that an answer stands for, in the hub's own words where it has some. Its body may come late or not at all:
   * then the status has to do.
   */
  async failure(
    response: Response,
    request: HubRequest,
    controller: AbortController,
    timers: Timers,
    timeoutMs: number,
  ): Promise<HubError> {
    const cancelTimeout = timers.after(timeoutMs, () => controller.abort());
    const body = await readText(response, MAX_ERROR_CHARS).catch(() => undefined);
    cancelTimeout();
    const said = hubWords(body);
    const url = this.describe(request.path);
    return new HubError(said?.message ?? `${url} answered ${response.status}`, {
      status: response.status,
      code: said?.code ?? `http_${response.status}`,
      url,
      retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
    });
  }

  /** The error for an answer that looks well and is not what a hub says: a login page, most of the time. */
  unexpected(response: { readonly status: number }, request: HubRequest, what: string): HubError {
    const url = this.describe(request.path);
    return new HubError(`${url} answered with ${what}; is this a Flywatch hub?`, {
      status: response.status,
      code: 'unexpected_answer',
      url,
    });
  }
}

/** The hub's address with a slash at its end, so that routes resolve below it. Says what is wrong without repeating it. */
function parseHubUrl(given: string | undefined): URL {
  const page = (globalThis as { location?: { href?: string; origin?: string } }).location;
  const text = given ?? page?.origin;
  if (text === undefined) throw new TypeError('url: give the address of the hub, such as http://localhost:8080');
  let url: URL;
  try {
    url = new URL(text, page?.href);
  } catch {
    // The text stays out of the message: what cannot be parsed may have a password in it.
    throw new TypeError('url: not an address; expected one such as http://localhost:8080');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError(`url: expected http: or https:, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('url: no user or password in the address, please; pass the token as `token`');
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError('url: no query or fragment in the address of the hub; tokens go into `token`');
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Refused here, since fetch would put a token that no header can carry into its message. */
function checkToken(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError('token: only visible ASCII characters; was a line break or a blank left at its end?');
  }
  return token;
}

/** `{"error","code","status"}`, or undefined where the body is something else. */
function hubWords(body: string | undefined): { message: string; code: string | undefined } | undefined {
  if (body === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A proxy's page: its status says what can be said.
    return undefined;
  }
  const { error, code } = (value ?? {}) as { error?: unknown; code?: unknown };
  if (typeof error !== 'string' || error === '') return undefined;
  return { message: error, code: typeof code === 'string' && code !== '' ? code : undefined };
}

/** The body as text, or undefined where it is longer than `maxChars`: then the rest is not fetched. */
async function readText(response: Response, maxChars: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > maxChars) {
      await reader.cancel();
      return undefined;
    }
  }
}
