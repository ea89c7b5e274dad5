/**
 * Fly's HTTP log API as the facts describe it, on loopback: pages of 100, oldest first, `next_token` in nanoseconds, lines
 * that show up later than they were printed. Whether a page begins with the lines of its start point or after them is
 * not documented, so that it does both.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredLine {
  readonly ns: bigint;
  readonly message: string;
  readonly instance?: string | null;
  readonly level?: string;
  readonly meta?: Record<string, unknown>;
  /** When the API tells of it; at once where it is left out. */
  readonly visibleAtMs?: number;
}

/** Answers in place of the API; false: let the API answer. */
export type Trouble = (request: IncomingMessage, response: ServerResponse) => boolean;

const PAGE = 100;

export async function startFlyLogServer({ token = 'FlyV1 fm2_test', startIsPartOfPage = true } = {}) {
  const apps = new Map<string, { readonly id: number; readonly line: StoredLine }[]>();
  const requests: { readonly app: string; readonly startNs: bigint; readonly atMs: number }[] = [];
  const troubles: Trouble[] = [];
  let lastId = 0;
  let always: Trouble | undefined;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    const app = /^\/api\/v1\/apps\/([^/]+)\/logs$/.exec(url.pathname)?.[1];
    const startNs = BigInt(url.searchParams.get('next_token') ?? '0');
    requests.push({ app: app ?? url.pathname, startNs, atMs: Date.now() });
    if (always?.(request, response) === true || troubles.shift()?.(request, response) === true) return;
    if (request.headers.authorization !== token) return answer(response, 401, '{"error":"unauthorized"}');
    const stored = apps.get(app ?? '');
    if (stored === undefined) return answer(response, 404, '{"error":"not found"}');
    const page = stored
      .filter(({ line }) => (line.visibleAtMs ?? 0) <= Date.now())
      .filter(({ line }) => (startIsPartOfPage ? line.ns >= startNs : line.ns > startNs))
      .sort((a, b) => (a.line.ns < b.line.ns ? -1 : a.line.ns > b.line.ns ? 1 : a.id - b.id))
      .slice(0, PAGE);
    const data = page.map(({ id, line }) => ({ id: String(id), type: 'log', attributes: attributesOf(line) }));
    const next = page.at(-1)?.line.ns ?? startNs;
    answer(response, 200, JSON.stringify({ data, meta: { next_token: String(next) } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Makes an app known, and adds lines to it. */
    add(app: string, ...lines: readonly StoredLine[]): void {
      const stored = apps.get(app) ?? [];
      for (const line of lines) stored.push({ id: ++lastId, line });
      apps.set(app, stored);
    },
    /** The next requests run into these, one each. */
    trouble(...next: readonly Trouble[]): void {
      troubles.push(...next);
    },
    /** Every request does, until told otherwise. */
    always(trouble: Trouble | undefined): void {
      always = trouble;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function attributesOf({ ns, message, instance = '4d891d77b05118', level = 'info', meta = {} }: StoredLine) {
  return {
    timestamp: timestamp(ns),
    message,
    level,
    instance,
    region: 'iad',
    meta: { instance, region: 'iad', event: { provider: 'app' }, ...meta },
  };
}

/** As Go prints a time: nanoseconds, without zeros at their end. */
export function timestamp(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return fraction === '' ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}

/** An answer that is an error, or anything else. */
export function answering(status: number, body = '', headers: Record<string, string> = {}): Trouble {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };
}

/** A connection that breaks before the answer, or in the middle of it. */
export function cutting(partOfBody = ''): Trouble {
  return (request, response) => {
    if (partOfBody === '') request.socket.resetAndDestroy();
    else {
      response.writeHead(200, { 'content-length': '100000' });
      response.write(partOfBody, () => request.socket.destroy());
    }
    return true;
  };
}

/** An answer that never comes. */
export const silent: Trouble = () => true;

/** For one app only. */
export function onlyFor(app: string, trouble: Trouble): Trouble {
  return (request, response) => (request.url?.includes(`/apps/${app}/`) === true ? trouble(request, response) : false);
}
