/**
 * Live streams over SSE. The answer's head is Node's; the body is written straight to the socket, as chunks that all
 * readers of a group share, because a response object would wrap and copy them once per reader.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FanOut } from '../fanout/fan-out.ts';
import { joinFrames, LAST_CHUNK, type Wire } from '../fanout/frames.ts';
import type { Sink } from '../fanout/reader.ts';
import type { LiveParams } from './live-params.ts';
import { originOf } from './reader-origin.ts';

/** What a reader waits before it comes back, after a loss and after a shutdown: long enough for a deploy to get going. */
const RETRY_MS = 1000;
const RETRY_AFTER_SHUTDOWN_MS = 2000;

/** How long a socket may take to accept the end of a stream before it is cut. */
const CLOSE_PATIENCE_MS = 1000;

export const SSE_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  // nginx and its kin buffer answers otherwise.
  'x-accel-buffering': 'no',
} as const;

export interface SseOptions {
  readonly fanOut: FanOut;
  readonly params: LiveParams;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent before anything else, already framed as SSE. */
  readonly greeting?: string;
  readonly notices: boolean;
  readonly onClose: () => void;
}

/** Takes over an answer and streams until either side ends it. */
export function streamSse(request: IncomingMessage, response: ServerResponse, options: SseOptions): void {
  const { fanOut, params } = options;
  const wire: Wire = request.httpVersionMinor === 0 && request.httpVersionMajor === 1 ? 'sse-identity' : 'sse';
  const { socket } = request;
  socket.setNoDelay(true);
  socket.setTimeout(0);
  response.writeHead(200, { ...SSE_HEADERS, ...options.headers });
  response.flushHeaders();

  const sink: Sink = {
    opened: (id) => {
      const block = `retry: ${RETRY_MS}\nid: ${id}\n\n${options.greeting ?? ''}`;
      socket.write(joinFrames([Buffer.from(block)], wire));
    },
    write: (bytes) => socket.write(bytes),
    close: () => {
      const goodbye = joinFrames([Buffer.from(`retry: ${RETRY_AFTER_SHUTDOWN_MS}\n\n`)], wire);
      socket.end(wire === 'sse' ? Buffer.concat([goodbye, LAST_CHUNK]) : goodbye);
      setTimeout(() => socket.destroy(), CLOSE_PATIENCE_MS).unref();
    },
  };
  const reader = fanOut.subscribe(
    {
      wire,
      format: params.format,
      raw: params.raw,
      filterKey: params.filterKey,
      matches: params.matches,
      selection: params.selection,
      notices: options.notices,
      start: params.start,
      origin: originOf(request),
    },
    sink,
  );
  const drained = () => reader.drained();
  socket.on('drain', drained);
  // A client that has sent all it wants and half-closed may still read; one that resets is gone.
  socket.once('close', () => {
    socket.off('drain', drained);
    reader.closed();
    options.onClose();
  });
}
