import type { BunSocket } from './bun.ts';

/** What is to be written to a socket, of which the system takes a part at a time. */
export class Sending {
  readonly #socket: BunSocket;
  #left: Buffer = Buffer.alloc(0);
  #isLast = false;

  constructor(socket: BunSocket) {
    this.#socket = socket;
  }

  add(bytes: Buffer): void {
    this.#left = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    this.go();
  }

  /** When all is written, the socket is closed. */
  end(): void {
    this.#isLast = true;
    this.go();
  }

  /** Writes as much as the system takes; to be called when it has room again. */
  go(): void {
    // Below zero where the socket is closed, which its reader hears of.
    const taken = this.#left.length === 0 ? 0 : this.#socket.write(this.#left);
    this.#left = this.#left.subarray(Math.max(0, taken));
    if (this.#isLast && this.#left.length === 0) this.#socket.end();
  }
}
