// What an agent needs of a hub: HTTPS on loopback that takes every batch and is well when it is checked. It runs in the bench's own
// process, so that its work is on nobody's account, and counts what each agent sends.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';

export interface TlsHub {
  url: string;
  /** The certificate to trust. */
  certFile: string;
  /** Posts, and bytes on the wire below TLS, by the token that came with them. */
  sentBy(token: string): { posts: number; bytes: number };
  stop(): void;
}

export async function startTlsHub(): Promise<TlsHub> {
  const dir = mkdtempSync(join(tmpdir(), 'flywatch-bench-tls-'));
  const [keyFile, certFile] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...name, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  const connections = new Map<TLSSocket, string>();
  const totals = new Map<string, { posts: number; bytes: number }>();
  const totalOf = (token: string) => {
    const total = totals.get(token) ?? { posts: 0, bytes: 0 };
    totals.set(token, total);
    return total;
  };
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (request, response) => {
    if (request.method === 'GET') return void response.end('well');
    const token = request.headers.authorization ?? '';
    const socket = request.socket as TLSSocket;
    if (!connections.has(socket)) {
      connections.set(socket, token);
      socket.once('close', () => {
        connections.delete(socket);
        totalOf(token).bytes += socket.bytesRead;
      });
    }
    totalOf(token).posts++;
    request.resume().on('end', () => response.end('{"accepted":1}'));
  });
  // Longer than the time between two batches of figures: as behind a proxy, connections are kept.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certFile,
    sentBy(token) {
      const key = `Bearer ${token}`;
      const open = [...connections].filter(([, sender]) => sender === key).map(([socket]) => socket.bytesRead);
      const { posts, bytes } = totalOf(key);
      return { posts, bytes: open.reduce((sum, count) => sum + count, bytes) };
    },
    stop() {
      server.closeAllConnections();
      server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
