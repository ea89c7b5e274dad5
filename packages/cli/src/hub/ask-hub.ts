/** A question to the assistant of a hub, and what comes back as it comes. */

import { describeFailure, HubError, HubUnreachableError, SseParser } from '@flywatch/client';
import { CliError } from '../program/cli-error.ts';
import type { Target } from './target.ts';

export interface AskedQuestion {
  readonly message: string;
  readonly model?: string | undefined;
  readonly conversation_id?: string | undefined;
}

export interface AnswerEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The hub begins its answer at once, and thinks then. */
const FIRST_BYTE_MS = 2_500;

/** Until `done`. @throws {HubError} {@link HubUnreachableError} {CliError} */
export async function* askHub(target: Target, question: AskedQuestion): AsyncGenerator<AnswerEvent, void, undefined> {
  const response = await postToHub(target, 'chat', {
    headers: { accept: 'text/event-stream' },
    body: JSON.stringify(question),
    patienceMs: FIRST_BYTE_MS,
  });
  const { url } = target;
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    throw new HubError('something that is no stream', { status: response.status, code: 'unexpected_answer', url });
  }
  const parser = new SseParser();
  try {
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      for (const item of parser.push(text)) {
        if (item.type !== 'event') continue;
        const data = JSON.parse(item.data) as AnswerEvent['data'];
        if (item.event === 'error') throw refusal(data, Number(data.status), url);
        yield { event: item.event, data };
        if (item.event === 'done') return;
      }
    }
  } catch (error) {
    if (error instanceof HubError) throw error;
    throw new CliError(`the connection to ${url} was lost before the answer was whole: ${describeFailure(error)}`);
  }
  throw new CliError(`${url} ended the stream before the answer was whole`);
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds until the answer has to begin. */
  readonly patienceMs: number;
  readonly signal?: AbortSignal;
}

/** Posts JSON to a route. @throws where the hub says no, and where nobody answers */
export async function postToHub(
  target: Target,
  path: string,
  { headers, body, patienceMs, signal }: Post,
): Promise<Response> {
  const url = new URL(path, target.url.endsWith('/') ? target.url : `${target.url}/`).href;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`nothing within ${patienceMs} ms`)), patienceMs);
  const token = target.token === undefined ? {} : { authorization: `Bearer ${target.token}` };
  let response: Response;
  try {
    response = await fetch(url, {
      ...{ method: 'POST', body, redirect: 'error' },
      headers: { 'content-type': 'application/json', ...token, ...headers },
      signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
    });
  } catch (error) {
    throw new HubUnreachableError(describeFailure(error), { url: target.url, cause: error });
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return response;
  const answer = (await response.json().catch(() => undefined)) as AnswerEvent['data'] | undefined;
  throw refusal(answer ?? {}, response.status, target.url);
}

function refusal({ error, code }: AnswerEvent['data'], status: number, url: string): HubError {
  return new HubError(typeof error === 'string' ? error : `status ${status}`, {
    ...{ status, url },
    code: typeof code === 'string' ? code : `http_${status}`,
  });
}
