/** What stands before a hub in the world: a proxy that ends TLS and hands every byte on. */

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import type { Certificate } from './certificates.fixture.ts';

export interface TlsFront extends AsyncDisposable {
  readonly url: string;
  /** Handshakes that were done. */
  readonly connections: number;
}

/** Listens as `localhost`, with this certificate, before what listens at a port of loopback. */
export async function startTlsFront({ key, cert }: Certificate, port: number): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer({ key, cert }, (socket) => {
    connections++;
    const behind = connect(port, '127.0.0.1');
    for (const one of [socket, behind]) {
      sockets.add(one);
      // Either side may break off; the other one is told by the end of its stream.
      one
        .on('error', () => {})
        .on('close', () => {
          socket.destroy();
          behind.destroy();
          sockets.delete(one);
        });
    }
    socket.pipe(behind).pipe(socket);
  }).listen(0, '127.0.0.1');
  // A client that does not trust the certificate breaks the handshake off, which is what some tests are about.
  server.on('tlsClientError', () => {});
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
