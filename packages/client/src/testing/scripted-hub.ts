/** A real HTTP server on a free port that behaves, connection by connection, as a test tells it to. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { formatEventId } from '@flywatch/core';

/** One answer. The last scene of a script is played again for every further request. */
export type Scene = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export interface ScriptedHub extends AsyncDisposable {
  readonly url: string;
  /** Every request so far, in order. */
  readonly requests: readonly SeenRequest[];
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Promise<string>;
  /** Resolves when the connection of this request is gone. */
  readonly closed: Promise<void>;
}

export async function startScriptedHub(...scenes: Scene[]): Promise<ScriptedHub> {
  const requests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://hub');
    const scene = scenes[Math.min(requests.length, scenes.length - 1)]!;
    requests.push({
      method: request.method!,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: readBody(request),
      closed: new Promise((resolve) => response.once('close', () => resolve())),
    });
    void scene(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  // A request that is cut has no body for a test to look at.
  for await (const chunk of request) text += chunk;
  return text;
}

const HUB = 'h7c2d';

export function id(position: number, hub = HUB): string {
  return formatEventId(position, hub);
}

export function eventBlock(position: number, message = `line ${position}`): string {
  const time = '2026-11-20T10:15:02.252Z';
  return `id: ${id(position)}\ndata: ${JSON.stringify({ id: id(position), time, receivedAt: time, level: 'info', message, app: 'shop' })}\n\n`;
}

export function pingBlock(position: number): string {
  return `event: ping\nid: ${id(position)}\ndata: {}\n\n`;
}

export function gapBlock(data: Record<string, unknown>): string {
  return `event: gap\ndata: ${JSON.stringify({ type: 'gap', ...data })}\n\n`;
}

/** The head of a stream, flushed, as the hub begins it. */
export function openStream(response: ServerResponse, connectBlock = ''): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache, no-transform' });
  response.flushHeaders();
  if (connectBlock !== '') response.write(connectBlock);
}

/** A stream that sends these blocks and stays open. */
export function streaming(...blocks: string[]): Scene {
  return (response) => openStream(response, blocks.join(''));
}

/** A stream that sends these blocks and ends in good order. */
export function ending(...blocks: string[]): Scene {
  return (response) => {
    openStream(response);
    response.end(blocks.join(''));
  };
}

/** A stream that sends this text, then loses its connection. */
export function dropping(...blocks: string[]): Scene {
  return (response) => {
    openStream(response);
    // Destroyed only once the text is on its way, or the client might see none of it.
    response.write(blocks.join(''), () => setTimeout(() => response.destroy(), 20));
  };
}

export function failing(status: number, body: unknown, headers: Record<string, string> = {}): Scene {
  return (response) => {
    const isPage = typeof body === 'string';
    response.writeHead(status, { 'content-type': isPage ? 'text/html' : 'application/json', ...headers });
    response.end(isPage ? body : JSON.stringify(body));
  };
}
