/** A connection to NATS that comes back for ever, whatever ended it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { TransportEvents } from './relay-transport.ts';

const RETRY_MS = 250;
const CONNECT_TIMEOUT_MS = 2000;
const PING_INTERVAL_MS = 5000;
const MAX_PINGS_OUT = 2;

/** What servers take unless they say otherwise. */
const USUAL_MAX_PAYLOAD = 1_048_576;

export class NatsLink {
  readonly #servers: string[];
  readonly #credentials: { readonly user?: string; readonly pass?: string; readonly token?: string };
  readonly #abort = new AbortController();
  #connection: NatsConnection | undefined;
  #running: Promise<void> | undefined;
  maxPayload = USUAL_MAX_PAYLOAD;

  /** @param url - `nats://user:password@host:4222`, or with a token in place of both; a comma list names several servers */
  constructor(url: string) {
    const servers = url.split(',').map((server) => new URL(server.trim()));
    this.#servers = servers.map(({ protocol, host }) => `${protocol}//${host}`);
    const { username, password } = servers[0]!;
    const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
    this.#credentials = user === '' ? {} : pass === '' ? { token: user } : { user, pass };
  }

  /** @param ready - called with each new connection; what it throws ends it, and it is tried again */
  start({ onState }: TransportEvents, ready: (connection: NatsConnection) => Promise<void>): void {
    this.#running = this.#run(onState, ready).then(() => onState('stopped', undefined));
  }

  /** @throws {Error} where there is none now */
  connection(): NatsConnection {
    if (this.#connection === undefined) throw new Error('there is no connection to NATS');
    return this.#connection;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#connection?.close().catch(() => {});
    await this.#running;
  }

  async #run(onState: TransportEvents['onState'], ready: (connection: NatsConnection) => Promise<void>): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      let connection: NatsConnection | undefined;
      let problem: string | undefined;
      try {
        connection = await connect({
          ...this.#credentials,
          servers: this.#servers,
          name: 'flywatch-relay',
          reconnect: false,
          timeout: CONNECT_TIMEOUT_MS,
          pingInterval: PING_INTERVAL_MS,
          maxPingOut: MAX_PINGS_OUT,
        });
        this.maxPayload = connection.info?.max_payload ?? USUAL_MAX_PAYLOAD;
        await ready(connection);
        this.#connection = connection;
        onState('connected', undefined);
        problem = (await connection.closed())?.message;
      } catch (error) {
        problem = (error as Error).message;
      }
      this.#connection = undefined;
      await connection?.close().catch(() => {});
      if (signal.aborted) return;
      onState('disconnected', problem);
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
