/** What a provider of models answers instead of an answer. Its words and its body stay where they are: there may be anything in them, the key too. */

import { HttpError } from '../errors.ts';

type Kind =
  /** The key is wrong, or may not use the model. */
  | 'refused'
  /** There is no credit. */
  | 'unpaid'
  /** Too many requests. */
  | 'busy'
  /** The request is wrong: an unknown model, or one that takes no tools. */
  | 'rejected'
  /** A fault of its own, or no connection. */
  | 'failed'
  /** It calls tools where it may not. */
  | 'stubborn'
  /** An answer without text and without calls. */
  | 'empty';

export class UpstreamError extends Error {
  readonly kind: Kind;
  /** The status that it answered with. */
  readonly status: number | undefined;
  /** Seconds after which it wants to be asked again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: Kind, message: string, status?: number, retryAfterSeconds?: number) {
    super(message);
    this.name = 'UpstreamError';
    this.kind = kind;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** Whatever the library threw, without its message. */
  static of(error: unknown): UpstreamError {
    if (error instanceof UpstreamError) return error;
    if ((error as Error | undefined)?.name === 'AI_ToolChoiceViolationError')
      return new UpstreamError('stubborn', 'a call of a tool where none may be called');
    const { statusCode, code, responseHeaders } = (typeof error === 'object' && error !== null ? error : {}) as {
      statusCode?: unknown;
      /** Of an error in the middle of a stream. */
      code?: unknown;
      responseHeaders?: Record<string, string>;
    };
    // A success whose body cannot be read has its status too.
    const given = typeof statusCode === 'number' ? statusCode : Number(code);
    const status = given >= 400 && given <= 599 ? given : undefined;
    if (status === undefined) return new UpstreamError('failed', 'no usable answer');
    const seconds = Number(responseHeaders?.['retry-after']);
    const kind = KINDS[status] ?? (status < 500 && status !== 408 ? 'rejected' : 'failed');
    return new UpstreamError(kind, `status ${status}`, status, seconds > 0 && seconds < 86_400 ? seconds : undefined);
  }

  /** Whether asking again may help. */
  get isPassing(): boolean {
    return this.kind === 'busy' || this.kind === 'failed' || this.kind === 'empty';
  }

  toHttpError(model: string): HttpError {
    const status = this.status === undefined ? '' : ` (status ${this.status})`;
    switch (this.kind) {
      case 'refused':
        return new HttpError(
          'model_refused',
          `the provider of the model does not take the key of this hub${status}; check OPENROUTER_API_KEY, and whether it may use ${model}`,
        );
      case 'unpaid':
        return new HttpError('model_unpaid', `the account at the provider of the model has no credit left${status}`);
      case 'busy':
        return new HttpError('model_busy', `the provider of the model takes no more requests for the moment${status}`, {
          headers: { 'retry-after': String(Math.ceil(this.retryAfterSeconds ?? 10)) },
        });
      case 'rejected':
        return new HttpError(
          'model_failed',
          `the provider of the model rejects the request${status}; check whether OPENROUTER_MODEL, ${model}, exists there and knows tool calls, and OPENROUTER_BASE_URL`,
        );
      case 'stubborn':
        return new HttpError('chat_limit', 'the model calls tools and does not answer');
      case 'empty':
        return new HttpError('model_failed', 'the model gave an empty answer, twice');
      case 'failed':
        return new HttpError(
          'model_failed',
          `the provider of the model cannot be reached, or failed${status}; try again later`,
        );
    }
  }
}

const KINDS: Readonly<Record<number, Kind>> = { 401: 'refused', 402: 'unpaid', 403: 'refused', 429: 'busy' };
