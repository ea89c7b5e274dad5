/** One POST with `node:http`: `fetch` would cost an app 20 MB, and is what its tests and tracers replace. */

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type HubAnswer, readAnswerBody } from '@flywatch/core';
import { POST_TIMEOUT_MS } from '../limits.ts';

export interface HubPost {
  /** Rejects where no answer came in time. */
  post(headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<HubAnswer>;
  close(): void;
}

/** Posts to one address over one connection that is kept, and that does not keep the process. */
export function createHubPost(url: URL): HubPost {
  const isSecure = url.protocol === 'https:';
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1 });
  const send = isSecure ? httpsRequest : httpRequest;
  return {
    post: (headers, body) =>
      new Promise((resolve, reject) => {
        const request = send(
          url,
          { agent, method: 'POST', headers: { ...headers, 'content-length': String(body.length) } },
          (response) => void readAnswer(response).then(resolve, reject),
        );
        // Over the whole of it: a peer that takes or gives a byte now and then is as good as none.
        const timer = setTimeout(() => {
          request.destroy(new Error(`no answer within ${POST_TIMEOUT_MS / 1000} s`));
        }, POST_TIMEOUT_MS);
        timer.unref();
        request.on('error', reject).on('close', () => clearTimeout(timer));
        // An app that has nothing else to do may end; who wants to wait for the hub does so by itself.
        request.on('socket', (socket) => socket.unref());
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<HubAnswer> {
  const { statusCode: status = 0, headers } = response;
  return { status, retryAfter: headers['retry-after'], body: await readAnswerBody(response) };
}
