/** One POST with `node:http`: `fetch` costs an agent on Node 20 to 30 MB (facts, B.1). */

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { ANSWER_MAX_BYTES, POST_TIMEOUT_MS, SILENCE_TIMEOUT_MS } from './limits.ts';

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export interface Connection {
  /** Rejects where no answer came. */
  post(path: string, headers: Readonly<Record<string, string>>, body: Buffer, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

/** One connection that is kept, over which requests go one after the other. */
export function createConnection(url: URL, ca: string | undefined): Connection {
  const isSecure = url.protocol === 'https:';
  // A hub sees one connection an agent.
  const settings = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: 1 };
  const agent = isSecure
    ? new HttpsAgent({ ...settings, ...(ca === undefined ? undefined : { ca }) })
    : new HttpAgent(settings);
  const send = isSecure ? httpsRequest : httpRequest;
  const base = url.pathname.replace(/\/$/, '');
  return {
    post: (path, headers, body, signal) =>
      new Promise((resolve, reject) => {
        const request = send(
          {
            agent,
            signal,
            method: 'POST',
            host: url.hostname.replace(/^\[|\]$/g, ''),
            port: url.port === '' ? undefined : Number(url.port),
            path: base + path,
            headers: { ...headers, 'content-length': String(body.length) },
          },
          (response) => void readAnswer(response).then(resolve, reject),
        );
        const giveUp = (ms: number) => request.destroy(new Error(`no answer within ${ms / 1000} s`));
        request.setTimeout(SILENCE_TIMEOUT_MS, () => giveUp(SILENCE_TIMEOUT_MS));
        const timer = setTimeout(giveUp, POST_TIMEOUT_MS, POST_TIMEOUT_MS);
        request.on('error', reject).on('close', () => clearTimeout(timer));
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    if (length < ANSWER_MAX_BYTES) pieces.push(piece);
    length += piece.length;
  }
  return {
    status: response.statusCode ?? 0,
    retryAfter: response.headers['retry-after'],
    body: Buffer.concat(pieces).toString('utf8', 0, ANSWER_MAX_BYTES),
  };
}
