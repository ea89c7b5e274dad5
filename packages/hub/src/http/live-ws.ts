/**
 * Live streams over WebSocket. `ws` shakes hands, reads what clients send and closes; events are written to the socket
 * beside it, as frames that all readers of a group share. Its own frames go out whole and at once, since nothing is
 * compressed, so that the two never mix.
 */

import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { FanOut } from '../fanout/fan-out.ts';
import { wsTextFrame } from '../fanout/frames.ts';
import type { Sink } from '../fanout/reader.ts';
import type { LiveParams } from './live-params.ts';

/** RFC 6455, section 7.4.1 and the registry: the service restarts, come again. */
const SERVICE_RESTART = 1012;
/** Policy: the reader took nothing for too long. */
const POLICY_VIOLATION = 1008;

const PONG = wsTextFrame('{"type":"pong"}');

/** Pings that go unanswered close a socket: see {@link HeartbeatRound}. */
export interface LivePeer {
  readonly socket: WebSocket;
  /** Whether anything came since the last round. */
  heard: boolean;
}

export interface WsOptions {
  readonly fanOut: FanOut;
  readonly params: LiveParams;
}

/** Streams into an open WebSocket until either side ends it. */
export function streamWs(webSocket: WebSocket, stream: Duplex, peer: LivePeer, options: WsOptions): void {
  const { fanOut, params } = options;
  const sink: Sink = {
    opened: () => {},
    write: (bytes) => stream.write(bytes),
    close: (reason) => {
      webSocket.close(
        reason === 'shutdown' ? SERVICE_RESTART : POLICY_VIOLATION,
        reason === 'shutdown' ? 'the hub restarts' : 'no progress',
      );
    },
  };
  const reader = fanOut.subscribe(
    {
      wire: 'ws',
      format: params.format,
      filterKey: params.filterKey,
      matches: params.matches,
      control: params.control,
      start: params.start,
    },
    sink,
  );
  const drained = () => reader.drained();
  stream.on('drain', drained);
  webSocket.on('message', (data, isBinary) => {
    peer.heard = true;
    if (!isBinary && isPing(data.toString())) stream.write(PONG);
  });
  webSocket.on('pong', () => {
    peer.heard = true;
  });
  // Protocol errors of the client: ws closes the connection with the right code by itself.
  webSocket.on('error', () => {});
  webSocket.on('close', () => {
    stream.off('drain', drained);
    reader.closed();
  });
}

/** Whether a client's text frame is `{"type":"ping"}`; anything else is ignored, as clients may say what they like. */
function isPing(text: string): boolean {
  if (text.length > 200 || !text.includes('ping')) return false;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'ping';
  } catch {
    return false;
  }
}
