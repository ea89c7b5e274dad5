/**
 * Live streams over WebSocket. `ws` shakes hands, reads what clients send and closes; events are written to the socket
 * beside it, as frames that all readers of a group share. Its own frames go out whole and at once, since nothing is
 * compressed, so that the two never mix.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FanOut } from '../fanout/fan-out.ts';
import type { Sink } from '../fanout/reader.ts';
import type { LiveParams } from './live-params.ts';
import type { Peer } from './peer.ts';
import { originOf } from './reader-origin.ts';

/** RFC 6455, section 7.4.1 and the registry: the service restarts, come again. */
const SERVICE_RESTART = 1012;
/** Policy: the reader took nothing for too long. */
const POLICY_VIOLATION = 1008;

export interface WsOptions {
  readonly fanOut: FanOut;
  readonly params: LiveParams;
  readonly request: IncomingMessage;
}

/** Streams into an open WebSocket until either side ends it. */
export function streamWs(peer: Peer, stream: Duplex, options: WsOptions): void {
  const { fanOut, params, request } = options;
  const sink: Sink = {
    opened: () => {},
    write: (bytes) => peer.write(bytes),
    close: (reason) => {
      peer.socket.close(
        reason === 'shutdown' ? SERVICE_RESTART : POLICY_VIOLATION,
        reason === 'shutdown' ? 'the hub restarts' : 'no progress',
      );
    },
  };
  const reader = fanOut.subscribe(
    {
      wire: 'ws',
      format: params.format,
      raw: params.raw,
      filterKey: params.filterKey,
      matches: params.matches,
      selection: params.selection,
      control: params.control,
      start: params.start,
      origin: originOf(request),
    },
    sink,
  );
  const drained = () => reader.drained();
  stream.on('drain', drained);
  peer.socket.on('close', () => {
    stream.off('drain', drained);
    reader.closed();
  });
}
