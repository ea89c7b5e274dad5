/** A TCP gate before a hub: cuts, refuses or freezes connections, so that tests decide what the network does. */

import type { AddressInfo } from 'node:net';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';

export interface Gate {
  readonly port: number;
  /** Cuts what is connected and refuses what comes. */
  shut(): void;
  /** Lets connections through again. */
  open(): void;
  /** Holds back every byte of open and new connections without closing any: a network that has gone silent. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function startGate(targetPort: number): Promise<Gate> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isShut = false;
  let isFrozen = false;
  const server: Server = createServer((client) => {
    if (isShut) {
      client.resetAndDestroy();
      return;
    }
    const hub = dial(targetPort, '127.0.0.1');
    const pair = [client, hub] as const;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      hub.destroy();
    };
    for (const socket of pair) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.pipe(hub);
    hub.pipe(client);
    if (isFrozen) hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const [client] of pairs) client.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    shut: () => {
      isShut = true;
      cutAll();
    },
    open: () => {
      isShut = false;
    },
    freeze: () => {
      isFrozen = true;
      for (const pair of pairs) hold(pair);
    },
    thaw: () => {
      isFrozen = false;
      for (const [client, hub] of pairs) {
        client.pipe(hub);
        hub.pipe(client);
      }
    },
    close: async () => {
      cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function hold([client, hub]: readonly [Socket, Socket]): void {
  client.unpipe(hub);
  hub.unpipe(client);
}
