/** The dashboard's files as the hub serves them: types, packing, caching, addresses, and nothing that is not one of them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHub, type TestHub } from '../support/test-hub.ts';

const SCRIPT = `export const text = ${JSON.stringify('a line of the page '.repeat(50))};`;

let folder: string;
let hub: TestHub;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flywatch-page-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.js'), 'not of the page');
  const put = (name: string, text: string) => writeFileSync(join(folder, 'page', name), text);
  put('index.html', '<!doctype html><title>Flywatch</title>');
  put('made-of.txt', 'a hash');
  put('assets/font-1.woff2', 'wOF2');
  put('assets/main-1.js', SCRIPT);
  writeFileSync(join(folder, 'page/assets/main-1.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(folder, 'page/assets/main-1.js.gz'), gzipSync(SCRIPT));
  hub = await startTestHub({ AUTH_TOKEN: 'a-token-of-this-test' }, { pageFolder: join(folder, 'page') });
});

afterAll(async () => {
  await hub?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** As it is on the wire: `fetch` would unpack the body and tidy the path. */
function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: hub.port, path, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

test('/ and /ui lead to the page, and every address of the page is the page', async () => {
  for (const path of ['/', '/ui', '/ui?q=a'])
    expect(await get(path), path).toMatchObject({ status: 302, headers: { location: '/ui/' } });
  for (const path of [
    '/ui/',
    '/ui/index.html',
    '/ui/status',
    '/ui/snapshots/0mwq65v70-5c156fa7df?tab=raw',
    '/ui/?q=a.b',
  ]) {
    const { status, headers, body } = await get(path);
    expect({ path, status, type: headers['content-type'] }).toEqual({
      path,
      status: 200,
      type: 'text/html; charset=utf-8',
    });
    expect(body.toString()).toContain('<title>Flywatch</title>');
  }
});

test.each([
  ['br, gzip', 'br'],
  ['gzip, deflate', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['identity', undefined],
])('to "Accept-Encoding: %s" a script comes as %s', async (accepted, encoding) => {
  const { status, headers, body } = await get('/ui/assets/main-1.js', { 'accept-encoding': accepted });
  expect(status).toBe(200);
  expect(headers['content-encoding']).toBe(encoding);
  expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(headers.vary).toBe('accept-encoding');
  if (encoding === undefined) expect(body.toString()).toBe(SCRIPT);
  else expect(body.equals(encoding === 'br' ? brotliCompressSync(SCRIPT) : gzipSync(SCRIPT))).toBe(true);
});

describe('caches', () => {
  test('keep what has its hash in its name for ever, and ask about the rest', async () => {
    expect((await get('/ui/assets/font-1.woff2')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await get('/ui/')).headers['cache-control']).toBe('no-cache');
  });

  test('that hold the newest get a 304, in the encoding that they hold', async () => {
    const first = await get('/ui/assets/main-1.js', { 'accept-encoding': 'br' });
    const etag = String(first.headers.etag);
    const again = await get('/ui/assets/main-1.js', { 'accept-encoding': 'br', 'if-none-match': etag });
    expect({ status: again.status, length: again.body.length }).toEqual({ status: 304, length: 0 });
    expect((await get('/ui/assets/main-1.js', { 'if-none-match': etag })).status).toBe(200);
  });
});

test('the policy allows nothing inline, nothing from elsewhere and no text that becomes markup', async () => {
  const policy = String((await get('/ui/status')).headers['content-security-policy']);
  expect(policy).not.toContain('unsafe');
  expect(policy).not.toMatch(/https?:|\*/);
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
    expect(policy).toContain(part);
});

test.each([
  '/ui/../secret.js',
  '/ui/%2e%2e/secret.js',
  '/ui/..%2fsecret.js',
  '/ui/assets/../../secret.js',
  '/ui/assets/..%5c..%5csecret.js',
  '/ui//../secret.js',
  '/ui/made-of.txt',
  '/ui/assets/main-1.js.gz',
  '/ui/assets/main-0.js',
  '/ui/assets/',
  '/ui/toString.js',
])('%s is no file of the page', async (path) => {
  const { status, body } = await get(path, { authorization: 'Bearer a-token-of-this-test' });
  expect(status).toBe(404);
  expect(body.toString()).not.toContain('not of the page');
});

test('a hub without the built files says how to build them', async () => {
  await using bare = await startTestHub({}, { pageFolder: join(folder, 'nowhere') });
  const response = await fetch(`${bare.url}/ui/status`);
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('<code>npm start</code>');
});
