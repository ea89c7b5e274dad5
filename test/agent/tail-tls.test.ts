/** The way to a hub behind TLS, with a certificate of an authority of one's own. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HubDelivery } from '@flywatch/agent';
import { expect, test } from 'vitest';
import { requireProgram } from '../support/debian.ts';

function makeCertificate() {
  const openssl = requireProgram('openssl', { debianPackage: 'openssl' });
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    openssl,
    // biome-ignore format: an option and its value a line
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1',
      '-subj', '/CN=hub.test', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  );
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

test('a certificate is checked: taken where its authority was named, refused where it was not', async () => {
  const { key, cert } = makeCertificate();
  let posts = 0;
  const server = createServer({ key, cert }, (request, response) => {
    posts++;
    request.resume().on('end', () => response.end('{"accepted":1}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ending = new AbortController();
  const post = { path: '/ingest/metrics', contentType: 'application/json', body: Buffer.from('{}') };
  const trusting = new HubDelivery({ settings: { url, ca: cert }, warn: () => {} });
  expect(await trusting.post(post, ending.signal)).toEqual({ kind: 'taken' });
  const warnings: string[] = [];
  const stranger = new HubDelivery({ settings: { url }, warn: (message) => warnings.push(message) });
  const posting = stranger.post(post, ending.signal);
  await expect.poll(() => warnings.join()).toMatch(/cannot be reached: self-signed certificate/);
  expect(posts).toBe(1);
  ending.abort();
  await expect(posting).rejects.toThrow();
  trusting.close();
  stranger.close();
  server.closeAllConnections();
  server.close();
});
