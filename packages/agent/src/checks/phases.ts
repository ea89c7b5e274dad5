/** Where the time of a try went. A phase that was not reached or not needed is undefined. */
export interface Phases {
  readonly dnsMs: number | undefined;
  readonly connectMs: number | undefined;
  readonly tlsMs: number | undefined;
  /** From the request to the first byte of the answer. */
  readonly firstByteMs: number | undefined;
  /** From the start to the end of the body, redirects included. */
  readonly totalMs: number;
}

export type PhaseName = 'dns' | 'connect' | 'tls' | 'firstByte';

/** What is being done, for the message of a timeout. */
const DOING: Readonly<Record<PhaseName | 'body', string>> = {
  dns: 'looking up the name',
  connect: 'connecting',
  tls: 'shaking hands (TLS)',
  firstByte: 'waiting for the first byte',
  body: 'reading the body',
};

/** A stopwatch with one phase running at a time. After a redirect, phases count again from nothing: the last hop's are kept. */
export class PhaseClock {
  readonly #startedAt = performance.now();
  #done: Partial<Record<PhaseName, number>> = {};
  #running: PhaseName | undefined;
  #runningSince = 0;

  begin(phase: PhaseName): void {
    this.end();
    this.#running = phase;
    this.#runningSince = performance.now();
  }

  end(): void {
    if (this.#running !== undefined) this.#done[this.#running] = performance.now() - this.#runningSince;
    this.#running = undefined;
  }

  nextHop(): void {
    this.end();
    this.#done = {};
  }

  get doing(): string {
    return DOING[this.#running ?? 'body'];
  }

  read(): Phases {
    const { dns, connect, tls, firstByte } = this.#done;
    return {
      dnsMs: dns,
      connectMs: connect,
      tlsMs: tls,
      firstByteMs: firstByte,
      totalMs: performance.now() - this.#startedAt,
    };
  }
}
