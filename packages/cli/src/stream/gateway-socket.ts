/** One connection to an app's gateway: its frames as they come, a batch a turn, with the errors that a hub's connection has. */

import { describeFailure, HubError, HubUnreachableError } from '@flywatch/client';
import { WebSocket } from 'ws';
import { type GatewayFrame, parseFrame } from './gateway-frame.ts';

export interface GatewayRequest {
  readonly url: URL;
  readonly token: string | undefined;
  readonly signal: AbortSignal;
  readonly openTimeoutMs: number;
  /** Whether to ask where the past ends: the answer, a `pong`, comes behind what is replayed. */
  readonly marksPast: boolean;
}

/** Frames that wait to be read; beyond them the socket is not read, and the gateway notices a slow reader. */
const MAX_WAITING = 2_000;

/** The gateway pings every 20 s. One may be late and one may be lost. */
const SILENCE_MS = 45_000;

/** Characters of the body of a refusal. */
const MAX_BODY_CHARS = 4_096;

type Frame = Exclude<GatewayFrame, undefined>;

/** Yields an empty batch when the connection is open; ends with it. */
export async function* readFrames(request: GatewayRequest): AsyncGenerator<readonly Frame[], void, undefined> {
  const { url, token, signal, marksPast } = request;
  const socket = new WebSocket(url, {
    headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    handshakeTimeout: request.openTimeoutMs,
    perMessageDeflate: false,
  });
  let waiting: Frame[] = [];
  let wake = () => {};
  let failure: Error | undefined;
  let state = 'connecting' as 'connecting' | 'open' | 'closed';
  const end = () => {
    state = 'closed';
    wake();
  };
  const silence = setTimeout(() => socket.terminate(), SILENCE_MS);
  socket.on('open', () => {
    state = 'open';
    if (marksPast) socket.send('{"type":"ping"}');
    wake();
  });
  socket.on('ping', () => silence.refresh());
  socket.on('message', (data, isBinary) => {
    silence.refresh();
    const frame = isBinary ? undefined : parseFrame(String(data));
    if (frame === undefined) return;
    if (waiting.push(frame) >= MAX_WAITING) socket.pause();
    wake();
  });
  socket.on('unexpected-response', (_, response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      if (body.length < MAX_BODY_CHARS) body += text;
    });
    response.on('close', () => {
      failure = refusal(url, response.statusCode ?? 0, body);
      end();
    });
  });
  socket.on('error', (error) => {
    failure ??= new HubUnreachableError(describeFailure(error), { url: plain(url), cause: error });
    end();
  });
  socket.on('close', end);
  signal.addEventListener('abort', end);
  try {
    for (let wasOpen = false; ; ) {
      if (signal.aborted) return;
      if (!wasOpen && state === 'open') {
        wasOpen = true;
        yield [];
      } else if (waiting.length > 0) {
        const frames = waiting;
        waiting = [];
        socket.resume();
        yield frames;
      } else if (state === 'closed') {
        if (failure !== undefined && !wasOpen) throw failure;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', end);
    socket.terminate();
  }
}

function plain(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** A refusal before the handshake: the gateway's own words where it is one. */
function refusal(url: URL, status: number, body: string): HubError {
  let said: { error?: unknown; code?: unknown } = {};
  try {
    said = (JSON.parse(body) ?? {}) as typeof said;
  } catch {
    // The page of something else: its status says what can be said.
  }
  const hasWords = typeof said.error === 'string' && typeof said.code === 'string';
  return new HubError(hasWords ? String(said.error) : `${plain(url)} answered ${status}`, {
    status,
    code: hasWords ? String(said.code) : `http_${status}`,
    url: plain(url),
  });
}
