/**
 * The dashboard at `/ui/`: files that somebody built, read once at start and served from memory, under a strict content
 * policy. A hub that runs stays whole while a new build takes the place of the old one on disk.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { HttpError } from '../errors.ts';
import { PAGE_MAX_BYTES } from '../limits.ts';

export interface Page {
  /** Answers a request for `/ui/…`. */
  send(url: string, reply: FastifyReply): FastifyReply;
}

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

/**
 * Nothing from elsewhere, nothing inline, no frames, and no text that becomes markup: what comes from a log can only ever be
 * text.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  vary: 'accept-encoding',
};

/** The build names these by their contents: another content has another name. */
const HASHED = /^assets\//;

const ENCODINGS = ['br', 'gzip'] as const;

type Encoding = (typeof ENCODINGS)[number];

interface PageFile {
  readonly type: string;
  readonly etag: string;
  /** As it is; left out where it comes packed, since next to nobody asks for it then. */
  readonly plain: Buffer | undefined;
  readonly packed: Partial<Record<Encoding, Buffer>>;
}

/** @param folder - of the built files; without one, or with an empty one, the page says what to do. */
export async function loadPage(folder: string | undefined): Promise<Page> {
  const files = folder === undefined ? new Map<string, PageFile>() : await readFiles(folder);
  const index = files.get('index.html') ?? NOT_BUILT;
  return {
    send: (url, reply) => {
      const name = url.split('?', 1)[0]!.slice('/ui/'.length);
      const file = files.get(name) ?? (isAddressOfPage(name) ? index : undefined);
      if (file === undefined)
        throw new HttpError('not_found', `the page has no file ${JSON.stringify(name.slice(0, 100))}`);
      return sendFile(file, HASHED.test(name), reply);
    },
  };
}

/** `status`, `snapshots/x`: addresses that the page itself makes something of. A file has a dot, or lies where files do. */
function isAddressOfPage(name: string): boolean {
  return name === 'index.html' || (!name.includes('.') && !HASHED.test(name));
}

function sendFile(file: PageFile, isHashed: boolean, reply: FastifyReply): FastifyReply {
  const encoding = bestEncoding(file, reply.request.headers['accept-encoding']);
  const etag = encoding === undefined ? `"${file.etag}"` : `"${file.etag}-${encoding}"`;
  reply.headers({
    ...HEADERS,
    'content-type': file.type,
    'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
  });
  if (reply.request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding === undefined) return reply.send(file.plain ?? gunzipSync(file.packed.gzip!));
  return reply.header('content-encoding', encoding).send(file.packed[encoding]);
}

function bestEncoding({ packed }: PageFile, accepted: string | string[] | undefined): Encoding | undefined {
  const offered = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => !/;\s*q=0(?:\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]!.trim());
  return ENCODINGS.find((encoding) => packed[encoding] !== undefined && offered.includes(encoding));
}

async function readFiles(folder: string): Promise<Map<string, PageFile>> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const known = new Set(names);
  const files = new Map<string, PageFile>();
  let bytes = 0;
  const read = async (name: string): Promise<Buffer> => {
    const body = await readFile(join(folder, name));
    bytes += body.length;
    if (bytes > PAGE_MAX_BYTES)
      throw new Error(
        `the page in ${folder} is over the limit of ${PAGE_MAX_BYTES} bytes; is that the dashboard's build?`,
      );
    return body;
  };
  for (const name of names) {
    const type = TYPES[name.split('.').at(-1)!];
    if (type === undefined) continue;
    const isPacked = known.has(`${name}.gz`) && known.has(`${name}.br`);
    const packed = isPacked ? { br: await read(`${name}.br`), gzip: await read(`${name}.gz`) } : {};
    const plain = isPacked ? undefined : await read(name);
    files.set(name.replaceAll('\\', '/'), { type, etag: digest(plain ?? packed.gzip!), plain, packed });
  }
  return files;
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
}

const HINT = Buffer.from(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>Flywatch</title>
<h1>The hub works, its dashboard is not built</h1>
<p>In the folder of the project, run <code>npm ci</code> and then <code>npm start</code>: this builds the dashboard and starts the hub with it.</p>
<p>Everything else is there: <a href="/logs/history">/logs/history</a>, <a href="/logs/stream">/logs/stream</a>,
<a href="/openapi.json">/openapi.json</a>.</p>
`);

const NOT_BUILT: PageFile = { type: TYPES.html!, etag: digest(HINT), plain: HINT, packed: {} };
