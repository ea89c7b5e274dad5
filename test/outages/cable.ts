/**
 * A cable between an agent and what it writes to, which can be cut and mended: a proxy for TCP.
 *
 *   reset    both ends are told at once that the connection is gone
 *   close    both ends see an orderly end
 *   refused  the same as reset, and nobody answers new connections
 *   silence  nothing arrives any more, and nobody is told. What was sent meanwhile arrives when the cable is mended, as TCP sends it
 *            again; where one end has given up by then, the other one learns of it then.
 */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export const CUTS = ['reset', 'close', 'refused', 'silence'] as const;
export type Cut = (typeof CUTS)[number];

interface Wire {
  readonly near: Socket;
  /** Missing while nothing gets through. */
  far: Socket | undefined;
}

export class Cable {
  readonly port: number;
  readonly #targetPort: number;
  readonly #wires = new Set<Wire>();
  #server: Server;
  #state: 'whole' | Cut = 'whole';

  private constructor(server: Server, port: number, targetPort: number) {
    this.#server = server;
    this.port = port;
    this.#targetPort = targetPort;
    server.on('connection', (near) => this.#take(near));
  }

  /** A cable to a port of this machine. */
  static async plug(targetPort: number): Promise<Cable> {
    const server = await listen(0);
    return new Cable(server, (server.address() as AddressInfo).port, targetPort);
  }

  cut(how: Cut): void {
    this.#state = how;
    for (const wire of [...this.#wires]) {
      const { near, far } = wire;
      if (how === 'silence') {
        near.unpipe();
        far?.unpipe();
        continue;
      }
      this.#wires.delete(wire);
      for (const end of [near, far]) {
        if (how === 'close') end?.unpipe().resume().end();
        else end?.resetAndDestroy();
      }
    }
    // Nobody is let in from now on; those that are on their way out may take their time.
    if (how === 'refused') this.#server.close();
  }

  async mend(): Promise<void> {
    const was = this.#state;
    this.#state = 'whole';
    if (was === 'refused') {
      this.#server = await listen(this.port);
      this.#server.on('connection', (near) => this.#take(near));
    }
    if (was !== 'silence') return;
    for (const wire of this.#wires) {
      const { near, far } = wire;
      if (near.destroyed || far?.destroyed === true) this.#drop(wire);
      else this.#join(wire);
    }
  }

  unplug(): void {
    for (const wire of this.#wires) this.#drop(wire);
    this.#server.close();
  }

  #take(near: Socket): void {
    const wire: Wire = { near, far: undefined };
    this.#wires.add(wire);
    this.#watch(wire, near);
    if (this.#state === 'silence') near.pause();
    else this.#join(wire);
  }

  #join(wire: Wire): void {
    if (wire.far === undefined) {
      wire.far = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
      this.#watch(wire, wire.far);
    }
    wire.near.pipe(wire.far);
    wire.far.pipe(wire.near);
  }

  #watch(wire: Wire, end: Socket): void {
    end.on('error', () => {});
    // While nothing gets through, nobody is told either.
    end.on('close', () => {
      if (this.#state !== 'silence') this.#drop(wire);
    });
  }

  #drop(wire: Wire): void {
    this.#wires.delete(wire);
    wire.near.resetAndDestroy();
    wire.far?.resetAndDestroy();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
