/**
 * One connection to PostgreSQL. What waits for the server is refused when the connection breaks or the server says
 * nothing for too long: the driver alone would let a COPY wait for ever for a server that was killed.
 */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg, { type Client, type QueryConfig, type QueryResult } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { clientConfig } from './connection.ts';

/** Milliseconds without an answer after which a server counts as gone. Long, since a batch that a slow server cannot take in this time would be tried for ever. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The same for a question that takes no time. */
const PING_TIMEOUT_MS = 5000;

export class Link {
  readonly client: Client;
  readonly #lost: Promise<never>;
  #isLost = false;
  #lose: (error: Error) => void = () => {};

  private constructor(client: Client) {
    this.client = client;
    this.#lost = new Promise((_, reject) => {
      this.#lose = (error) => {
        this.#isLost = true;
        reject(error);
      };
    });
    // Nobody may be waiting when it breaks.
    this.#lost.catch(() => {});
    client.on('error', (error) => this.#lose(error));
    client.on('end', () => this.#lose(new Error('the connection was closed by the server')));
  }

  static async open(url: string): Promise<Link> {
    const client = new pg.Client(clientConfig(url));
    const link = new Link(client);
    try {
      await client.connect();
      await link.query(SESSION);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** Rejects when the connection breaks. */
  get lost(): Promise<never> {
    return this.#lost;
  }

  query<Row extends object = object>(
    text: string | (QueryConfig & { rowMode?: 'array' }),
    values?: unknown[],
  ): Promise<QueryResult<Row>> {
    return this.#answered(this.client.query<Row>(text, values));
  }

  /** Whether the server is still there, when nothing else is asked of it. */
  async ping(): Promise<void> {
    await this.#answered(this.client.query('SELECT 1'), PING_TIMEOUT_MS);
  }

  /** Rows of COPY's text format, asked for as fast as the server takes them. */
  copy(statement: string, lines: Iterable<string>): Promise<void> {
    const stream = this.client.query(copyFrom(statement));
    return this.#answered(pipeline(Readable.from(pieces(lines), { highWaterMark: 1 }), stream));
  }

  /** All of these, or none. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    // Costs the server nothing, so that one that is gone is noticed here and not by what may take its time.
    await this.#answered(this.client.query('BEGIN'), PING_TIMEOUT_MS);
    try {
      const value = await work();
      await this.query('COMMIT');
      return value;
    } catch (error) {
      // Where the connection is gone, so is the transaction.
      if (!this.#isLost) await this.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  async #answered<T>(work: Promise<T>, timeoutMs = ANSWER_TIMEOUT_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`the server has not answered for ${timeoutMs / 1000} s`);
        this.#lose(error);
        reject(error);
        this.close();
      }, timeoutMs);
    });
    try {
      return await Promise.race([work, this.#lost, late]);
    } finally {
      clearTimeout(timer);
      work.catch(() => {});
    }
  }

  /** Ends the connection at once; what is open on it is rolled back. */
  close(): void {
    this.#lose(new Error('the connection was closed'));
    const { stream } = (this.client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    stream.destroy();
  }
}

/**
 * A server learns of a client that vanished in the middle of a statement by probes alone, by default after two hours; until then it
 * holds the locks that the next connection waits for.
 */
const SESSION = `SET jit = off; SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
  SET idle_in_transaction_session_timeout = '60s'`;

/** Characters that are joined to one write. */
const PIECE_CHARS = 64 * 1024;

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARS) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}
