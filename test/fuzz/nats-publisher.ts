/** A publisher that speaks NATS by hand: fast, and with subjects that a client would refuse to send. */

import { connect, type Socket } from 'node:net';
import { NATS_PASSWORD, NATS_USER } from '../support/nats-server.ts';

export class NatsPublisher {
  readonly #socket: Socket;
  readonly #pongs: (() => void)[] = [];
  /** The first error that the server told us: a message that it refused would be missed at the other end. */
  problem: string | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    let text = '';
    socket.setEncoding('latin1').on('data', (piece) => {
      text += piece;
      for (let end = text.indexOf('\r\n'); end !== -1; end = text.indexOf('\r\n')) {
        this.#line(text.slice(0, end));
        text = text.slice(end + 2);
      }
    });
    socket.on('error', (error) => this.#fail(error.message));
    socket.on('close', () => this.#fail('the server has closed the connection'));
  }

  static async connect(port: number): Promise<NatsPublisher> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    const publisher = new NatsPublisher(socket);
    const options = { verbose: false, pedantic: false, user: NATS_USER, pass: NATS_PASSWORD };
    socket.write(`CONNECT ${JSON.stringify(options)}\r\n`);
    await publisher.flush();
    return publisher;
  }

  publish(subject: string, payload: Buffer): void {
    this.#socket.write(`PUB ${subject} ${payload.length}\r\n`);
    this.#socket.write(payload);
    this.#socket.write('\r\n');
  }

  /** Resolves when the server has taken everything up to here. */
  async flush(): Promise<void> {
    if (this.problem !== undefined) return;
    const answered = new Promise<void>((resolve) => this.#pongs.push(resolve));
    this.#socket.write('PING\r\n');
    await answered;
  }

  close(): void {
    this.#socket.destroy();
  }

  #line(line: string): void {
    if (line === 'PONG') this.#pongs.shift()?.();
    else if (line === 'PING') this.#socket.write('PONG\r\n');
    else if (line.startsWith('-ERR')) this.#fail(line);
  }

  #fail(problem: string): void {
    this.problem ??= problem;
    for (const resolve of this.#pongs.splice(0)) resolve();
  }
}
