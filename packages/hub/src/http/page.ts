/** The page at `/ui/`: files that are read once at start and served from memory, under a strict content policy. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { HttpError } from '../errors.ts';

export interface Page {
  /** Answers a request for `/ui/…`. */
  send(url: string, reply: FastifyReply): FastifyReply;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Nothing from elsewhere, nothing inline, no frames: what comes from a log can only ever be text. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export async function loadPage(folder = new URL('../../page/', import.meta.url)): Promise<Page> {
  const files = new Map<string, { body: Buffer; type: string; etag: string }>();
  for (const name of await readdir(folder)) {
    const type = TYPES[name.split('.').at(-1)!];
    if (type === undefined) continue;
    const body = await readFile(new URL(name, folder));
    files.set(name, { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` });
  }
  return {
    send: (url, reply) => {
      const name = url.split('?', 1)[0]!.slice('/ui/'.length) || 'index.html';
      const file = files.get(name);
      if (file === undefined)
        throw new HttpError('not_found', `the page has no file ${JSON.stringify(name.slice(0, 100))}`);
      reply.headers({
        'content-security-policy': POLICY,
        'cache-control': 'no-cache',
        etag: file.etag,
        'content-type': file.type,
      });
      if (reply.request.headers['if-none-match'] === file.etag) return reply.code(304).send();
      return reply.send(file.body);
    },
  };
}
