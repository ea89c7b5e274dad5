/**
 * Messages on their way to the engine, in order: several at once, again after a failure, bounded. What is given up is noticed by
 * those who receive: the next message tells how many were sent.
 */

/** Messages that are under way at once. */
const MAX_UNDER_WAY = 32;

export interface OutboxOptions {
  /** Resolves when the engine has it; rejects where that is not known. */
  readonly send: (message: Uint8Array) => Promise<void>;
  /** Bytes that wait at most; the oldest go first. */
  readonly maxBytes: number;
}

interface Waiting {
  readonly message: Uint8Array;
  underWay: boolean;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #underWay = 0;
  #isOpen = false;
  #idle = Promise.withResolvers<void>();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  push(message: Uint8Array): void {
    this.#waiting.push({ message, underWay: false });
    this.#bytes += message.length;
    while (this.#bytes > this.#options.maxBytes) {
      const oldest = this.#waiting.findIndex(({ underWay }) => !underWay);
      if (oldest === -1) break;
      this.#bytes -= this.#waiting.splice(oldest, 1)[0]!.message.length;
    }
    this.#send();
  }

  /** The engine takes messages. */
  open(): void {
    this.#isOpen = true;
    this.#send();
  }

  /** It does not. */
  close(): void {
    this.#isOpen = false;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#waiting.length > 0) await this.#idle.promise;
  }

  #send(): void {
    for (const waiting of this.#waiting) {
      if (!this.#isOpen || this.#underWay >= MAX_UNDER_WAY) return;
      if (waiting.underWay) continue;
      waiting.underWay = true;
      this.#underWay++;
      this.#options.send(waiting.message).then(
        () => this.#sent(waiting),
        () => this.#failed(waiting),
      );
    }
  }

  #sent(waiting: Waiting): void {
    this.#underWay--;
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    this.#bytes -= waiting.message.length;
    if (this.#waiting.length === 0) {
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    }
    this.#send();
  }

  /** It may have arrived all the same: whoever receives it twice knows it. */
  #failed(waiting: Waiting): void {
    this.#underWay--;
    waiting.underWay = false;
    this.#isOpen = false;
  }
}
