/** Connections of checks, on Bun: its own sockets, since `node:tls` would cost 12 MB. */

import type { SecureOptions, SecureWire, TcpWire, Wire } from '../../checks/wire.ts';
import { type BunSocket, type BunSocketHandlers, bun } from './bun.ts';
import { Inbox } from './inbox.ts';
import { Sending } from './sending.ts';

/** Resolves when the connection stands. */
export async function connectWire(address: string, port: number, signal: AbortSignal): Promise<TcpWire> {
  signal.throwIfAborted();
  const line = new Line(signal);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const connecting = bun.connect({ hostname: address, port, socket: { ...line.handlers, connectError() {} } });
    // Connecting cannot be called off: a connection that stands after all is left at once.
    connecting.then((socket) => signal.aborted && socket.terminate()).catch(() => {});
    line.socket = await Promise.race([connecting, aborted]);
  } catch (error) {
    signal.throwIfAborted();
    const { code = 'failed' } = error as NodeJS.ErrnoException;
    throw Object.assign(new Error(`connect ${code} ${address}:${port}`), { code });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  line.socket.setNoDelay(true);
  return Object.assign(line, { secure: (options: SecureOptions) => secure(line.socket, options, signal) });
}

async function secure(plain: BunSocket, { host, ca }: SecureOptions, signal: AbortSignal): Promise<SecureWire> {
  const line = new Line(signal);
  const { promise: shaken, resolve, reject } = Promise.withResolvers<Error | null>();
  // It is called where the connection breaks, too; a certificate for another name counts as a failure, which is not the last word here.
  const handshake = (_: BunSocket, isDone: boolean, problem: Error | null) => {
    if (isDone || codeOf(problem).startsWith('ERR_TLS_CERT')) resolve(problem);
    else reject(problem ?? new Error('the connection was closed'));
  };
  const tls = { serverName: host, rejectUnauthorized: false, ...(ca === undefined ? undefined : { ca }) };
  [, line.socket] = plain.upgradeTLS({ tls, socket: { ...line.handlers, handshake } });
  const problem = await shaken;
  const validTo = line.socket.getPeerCertificate()?.valid_to;
  return Object.assign(line, { problem: problem === null ? undefined : codeOf(problem), validTo });
}

function codeOf(error: Error | null): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? error?.message ?? '';
}

class Line implements Wire {
  readonly #inbox = new Inbox();
  readonly #signal: AbortSignal;
  readonly #onAbort = () => this.#leave(this.#signal.reason as Error);
  #socket: BunSocket | undefined;
  #sending: Sending | undefined;

  readonly handlers: BunSocketHandlers = {
    data: (_, bytes) => this.#inbox.push(bytes),
    drain: () => this.#sending?.go(),
    end: () => this.#inbox.end(),
    close: (_, error) => this.#inbox.end(error),
    error: (_, error) => this.#inbox.end(error),
  };

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get socket(): BunSocket {
    return this.#socket!;
  }

  set socket(socket: BunSocket) {
    this.#socket = socket;
    this.#sending = new Sending(socket);
  }

  write(bytes: Buffer): void {
    this.#sending?.add(bytes);
  }

  read(): Promise<Buffer | undefined> {
    return this.#inbox.read();
  }

  close(): void {
    this.#leave(new Error('closed'));
  }

  #leave(reason: Error): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#inbox.end(reason);
    this.#socket?.terminate();
  }
}
