/**
 * Posts to a hub with `node:http`: `fetch` costs an agent on Node 20 to 30 MB. Fetched and not imported: an import reads every name
 * of the module, and one of them is a getter that loads undici, which is what `fetch` is made of: 5 MB.
 */

import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type HubAnswer, readAnswerBody } from '@flywatch/core';
import { type Connection, postLimitMs } from '../../delivery/request.ts';

const { Agent: HttpAgent, request: httpRequest } = process.getBuiltinModule('node:http');

export function createConnection(url: URL, ca: string | undefined): Connection {
  const isSecure = url.protocol === 'https:';
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
        // From when it has the connection: posts wait for each other.
        request.once('socket', () => {
          const limitMs = postLimitMs(body.length);
          const timer = setTimeout(
            () => request.destroy(new Error(`no answer within ${Math.round(limitMs / 1000)} s`)),
            limitMs,
          );
          request.once('close', () => clearTimeout(timer));
        });
        request.on('error', reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage): Promise<HubAnswer> {
  const { statusCode: status = 0, headers } = response;
  return { status, retryAfter: headers['retry-after'], body: await readAnswerBody(response) };
}
