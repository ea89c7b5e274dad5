/**
 * Lines that wait for the hub, as batches. A batch that has been begun to be sent keeps its lines and its id until
 * there is an answer, so that sending it again is harmless. Where too much waits, the oldest batch that was not sent
 * yet goes, and the next one begins with a line that says how many are missing.
 */

import { BATCH_CHARS } from '../limits.ts';

export interface Batch {
  /** The same for the same lines, and for no others. */
  readonly id: string;
  /** NDJSON. */
  readonly text: string;
  /** Lines of the app in it. */
  readonly lines: number;
  /** How many dropped lines its first line stands for; 0: it has no such line. */
  readonly stoodFor: number;
}

export interface BatchQueueOptions {
  /** Beginning of ids: no other run of any app has it. */
  readonly run: string;
  readonly maxChars: number;
  /** The line in place of so many that were dropped, with its line break. */
  readonly notice: (lines: number) => string;
}

export class BatchQueue {
  readonly #options: BatchQueueOptions;
  readonly #sealed: Batch[] = [];
  #text = '';
  #lines = 0;
  #chars = 0;
  #next = 1;
  #isSending = false;
  #dropped = 0;
  #untold = 0;

  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  get linesWaiting(): number {
    return this.#sealed.reduce((sum, { lines }) => sum + lines, this.#lines);
  }

  /** Lines that were dropped, since the start. */
  get linesDropped(): number {
    return this.#dropped;
  }

  get isEmpty(): boolean {
    return this.#sealed.length === 0 && this.#lines === 0;
  }

  /** Whether a whole batch is there. */
  get isFull(): boolean {
    return this.#sealed.length > 0;
  }

  push(line: string): void {
    this.#text += line;
    this.#lines++;
    this.#chars += line.length;
    if (this.#text.length >= BATCH_CHARS) this.#seal();
    while (this.#chars > this.#options.maxChars && this.#shed());
  }

  /** The oldest batch, which then is on its way; undefined where nothing waits. */
  take(): Batch | undefined {
    if (this.#sealed.length === 0 && this.#lines > 0) this.#seal();
    const batch = this.#sealed[0];
    this.#isSending = batch !== undefined;
    return batch;
  }

  /** The batch that was taken has been answered, one way or the other. */
  settle(batch: Batch, wasTaken: boolean): void {
    this.#isSending = false;
    this.#remove(this.#sealed.indexOf(batch), wasTaken);
  }

  /** The batch is more than the hub takes at once: it becomes two. One of a single line cannot. */
  split(batch: Batch): void {
    this.#isSending = false;
    const lines = batch.text.split('\n');
    lines.pop();
    const half = Math.ceil(lines.length / 2);
    const parts = lines.length < 2 ? [] : [lines.slice(0, half), lines.slice(half)];
    if (parts.length === 0) {
      this.#remove(0, false);
      return;
    }
    const batches = parts.map((part, index) => {
      const stoodFor = index === 0 ? batch.stoodFor : 0;
      return this.#batch(`${part.join('\n')}\n`, part.length - (stoodFor > 0 ? 1 : 0), stoodFor);
    });
    this.#sealed.splice(0, 1, ...batches);
  }

  #seal(): void {
    const stoodFor = this.#untold;
    if (stoodFor > 0) {
      const notice = this.#options.notice(stoodFor);
      this.#untold = 0;
      this.#text = notice + this.#text;
      this.#chars += notice.length;
    }
    this.#sealed.push(this.#batch(this.#text, this.#lines, stoodFor));
    this.#text = '';
    this.#lines = 0;
  }

  #batch(text: string, lines: number, stoodFor: number): Batch {
    return { id: `${this.#options.run}-${this.#next++}`, text, lines, stoodFor };
  }

  /** Drops the oldest lines that are not on their way. */
  #shed(): boolean {
    const oldest = this.#isSending ? 1 : 0;
    if (this.#sealed.length > oldest) {
      this.#remove(oldest, false);
      return true;
    }
    if (this.#lines === 0) return false;
    this.#chars -= this.#text.length;
    this.#dropped += this.#lines;
    this.#untold += this.#lines;
    this.#text = '';
    this.#lines = 0;
    return true;
  }

  #remove(index: number, wasTaken: boolean): void {
    const [batch] = this.#sealed.splice(index, 1);
    if (batch === undefined) return;
    this.#chars -= batch.text.length;
    if (wasTaken) return;
    this.#dropped += batch.lines;
    this.#untold += batch.lines + batch.stoodFor;
  }
}
