/**
 * Tails log files into a sink, each line once. Two loops: one looks at paths and keeps the catalog, also while the other side is
 * away; the other fills a batch, writes into the ledger what it is made of, sends it, and moves on when it is acknowledged.
 * One batch is on its way at a time, so that lines arrive in the order in which they were written.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BatchFiller } from './batch-filler.ts';
import { batchId } from './batch-id.ts';
import { Catalog } from './catalog.ts';
import { Ledger, type LedgerRecord, type PlannedBatch } from './ledger.ts';
import { BATCH_SPACING_MS, MAX_REMOVED_BYTES, SCAN_MS } from './limits.ts';
import { Lock } from './lock.ts';
import type { LogOutcome, LogSink, Reached } from './log-sink.ts';
import { replay } from './replay.ts';
import type { PlannedSection } from './section.ts';
import { createWatch, type Watch, type WatchSettings } from './watch.ts';

export interface LogTailSettings {
  /** Names this agent to the hub: its batches are told apart by it. */
  readonly agent: string;
  /** Folder for the ledger, of this tail alone. */
  readonly stateDir: string;
  readonly files: readonly WatchSettings[];
}

export interface LogTailOptions {
  readonly settings: LogTailSettings;
  readonly sink: LogSink;
  /** Told what a person should know; never once a line. */
  readonly warn: (message: string) => void;
  /**
   * Milliseconds for everything that waits. Not the time of day: that is set back now and then.
   * @defaultValue a clock that only goes forward
   */
  readonly now?: () => number;
  /**
   * Bytes of removed files that are held on disk until they are read.
   * @defaultValue 1 GB
   */
  readonly maxRemovedBytes?: number;
}

export interface FileStatus {
  readonly path: string;
  readonly state: 'live' | 'rotated' | 'cut';
  /** Bytes that were seen and are not acknowledged. */
  readonly lagBytes: number;
  readonly offset: number;
  readonly generation: number;
  /** Why it cannot be read, where it cannot. */
  readonly problem: string | undefined;
}

export interface LogTailStatus {
  readonly state: 'idle' | 'running' | 'failing' | 'stopped';
  /** Why it cannot go on, where it cannot. */
  readonly detail: string | undefined;
  readonly files: readonly FileStatus[];
  readonly lastAckMs: number | undefined;
  readonly linesSent: number;
  readonly batchesSent: number;
  /** Lines of an earlier run that could not be read again; the hub may have them. */
  readonly linesLost: number;
  /** Bytes that were seen, and gone before they were read. */
  readonly bytesLost: number;
  /** Whether there are more files than are looked at. */
  readonly hasTooManyFiles: boolean;
}

/** How long a ledger that cannot be written is left alone. */
const LEDGER_RETRY_MS = 1_000;

/** How long a batch that was refused waits. */
const REFUSED_RETRY_MS = 30_000;

/** How long a stop waits for the batch that is on its way; a hub answers within milliseconds. */
const STOP_PATIENCE_MS = 3_000;

/** The time of day at the start of the process, and what has passed since. */
function forwardClock(): number {
  return Math.round(performance.timeOrigin + performance.now());
}

export class LogTail {
  readonly #options: LogTailOptions;
  readonly #now: () => number;
  readonly #catalog: Catalog;
  readonly #ledger: Ledger;
  readonly #filler: BatchFiller;
  readonly #lock = new Lock();
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  #state: LogTailStatus['state'] = 'idle';
  #detail: string | undefined;
  #running: Promise<unknown> | undefined;
  #stopped: Promise<void> | undefined;
  #seq = 0;
  #unacknowledged: PlannedBatch | undefined;
  #lastAckMs: number | undefined;
  #counters = { lines: 0, batches: 0, linesLost: 0 };

  constructor(options: LogTailOptions) {
    const { settings, warn, now = forwardClock, maxRemovedBytes = MAX_REMOVED_BYTES } = options;
    this.#options = options;
    this.#now = now;
    const watches: Watch[] = settings.files.map(createWatch);
    this.#catalog = new Catalog({ watches, now, warn, maxRemovedBytes });
    this.#filler = new BatchFiller(this.#catalog);
    this.#ledger = new Ledger(join(settings.stateDir, 'tail.ledger'));
  }

  /** Reads the ledger, finds what was being read, and begins. */
  async start(): Promise<void> {
    if (this.#state !== 'idle') return;
    this.#state = 'running';
    const contents = this.#ledger.read();
    if (contents.warning !== undefined) this.#options.warn(contents.warning);
    const { streams, aliases, unacknowledged } = replay(contents.records);
    this.#seq = contents.lastSeq;
    this.#unacknowledged = unacknowledged;
    this.#catalog.restore(streams, aliases);
    await this.#catalog.find();
    this.#running = Promise.all([this.#scanLoop(), this.#sendLoop()]).catch((error: Error) => {
      this.#state = 'failing';
      this.#detail = error.message;
      this.#options.warn(`log files are no longer read: ${error.message}`);
    });
  }

  /** Ends after the batch that is on its way; what is not acknowledged by then is sent by the next run. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const patience = setTimeout(() => this.#aborting.abort(), STOP_PATIENCE_MS);
    await this.#running;
    clearTimeout(patience);
    this.#state = 'stopped';
    await this.#catalog.close();
    await this.#ledger.close();
  }

  status(): LogTailStatus {
    const files: FileStatus[] = [];
    for (const { place, file, state, seenEnd, acked, generation, problem } of this.#catalog.streams) {
      if (state === 'done') continue;
      const lagBytes = Math.max(0, seenEnd - acked);
      files.push({ path: place?.path ?? file, state, lagBytes, offset: acked, generation, problem });
    }
    return {
      state: this.#state,
      detail: this.#detail,
      files,
      lastAckMs: this.#lastAckMs,
      linesSent: this.#counters.lines,
      batchesSent: this.#counters.batches,
      linesLost: this.#counters.linesLost,
      bytesLost: this.#catalog.bytesLost,
      hasTooManyFiles: this.#catalog.isCut,
    };
  }

  async #scanLoop(): Promise<void> {
    while (await this.#pause(SCAN_MS)) await this.#lock.run(() => this.#catalog.scan());
  }

  async #sendLoop(): Promise<void> {
    await this.#rewriteLedger();
    if (this.#unacknowledged !== undefined && !this.#isStopping) await this.#sendAgain(this.#unacknowledged);
    while (!this.#isStopping) {
      const beganMs = this.#now();
      await this.#lock.run(() => this.#filler.fill(beganMs));
      if (this.#filler.builder.isEmpty) await this.#pause(this.#filler.msToNextPoll(this.#now()));
      else {
        const { isFull } = this.#filler;
        if (!(await this.#sendNew())) return;
        if (!isFull) await this.#pause(beganMs + BATCH_SPACING_MS - this.#now());
      }
    }
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** True unless it is time to stop. */
  async #pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
    return !this.#isStopping;
  }

  /** Sends what was gathered. False where it is time to stop. */
  async #sendNew(): Promise<boolean> {
    // The time of day, as files have it.
    const atMs = Date.now();
    const batch: PlannedBatch = { seq: ++this.#seq, atMs, sections: this.#filler.builder.sections };
    for (const { stream } of batch.sections) this.#catalog.stream(stream)!.lastReadMs = atMs;
    this.#unacknowledged = batch;
    if (!(await this.#writeLedger([{ t: 'plan', batch }]))) return false;
    return this.#send(batch);
  }

  async #send(batch: PlannedBatch): Promise<boolean> {
    const { sink, settings, warn } = this.#options;
    const { agent } = settings;
    const id = batchId(agent, this.#ledger.boot, batch.seq, madeOf(batch));
    const reached = batch.sections.map((section) => this.#reached(section));
    for (;;) {
      let outcome: LogOutcome;
      try {
        outcome = await sink.send(
          { id, agent, reached, body: this.#filler.builder.body, lines: this.#filler.builder.lines },
          this.#aborting.signal,
        );
      } catch (error) {
        if (this.#aborting.signal.aborted) return false;
        throw error;
      }
      if (outcome === 'taken') {
        await this.#acknowledge(batch);
        return true;
      }
      if (outcome === 'too_large' && this.#filler.maxBytes > 1) {
        await this.#withdraw(batch);
        return true;
      }
      warn(
        `a batch of ${batch.sections.length} files was refused; nothing is lost, and it is sent again in ${REFUSED_RETRY_MS / 1000} s`,
      );
      if (!(await this.#pause(REFUSED_RETRY_MS))) return false;
    }
  }

  /** How far a section goes. A stream is one generation of its file, and its number is given once a ledger. */
  #reached({ stream: id, to }: PlannedSection): Reached {
    const stream = this.#catalog.stream(id);
    const generation = `${this.#ledger.boot}/${id}/${stream?.firstSeenMs ?? 0}`;
    return { file: stream?.file ?? '', generation, offset: to };
  }

  async #acknowledge(batch: PlannedBatch): Promise<void> {
    for (const section of batch.sections) {
      const stream = this.#catalog.stream(section.stream);
      if (stream !== undefined) stream.acked = section.to;
    }
    this.#counters.lines += this.#filler.builder.lines;
    this.#counters.batches++;
    this.#lastAckMs = Date.now();
    this.#unacknowledged = undefined;
    this.#filler.builder.clear();
    // Not waited for on disk: where it is missing, the batch is sent again under its id, and the hub knows it.
    if (this.#ledger.isLarge) await this.#rewriteLedger();
    else await this.#ledger.append([{ t: 'ack', seq: batch.seq }], false).catch(() => {});
  }

  /** Nothing of a batch was taken, and nothing of it ever will be: its lines go out in smaller ones. */
  async #withdraw(batch: PlannedBatch): Promise<void> {
    this.#filler.maxBytes = Math.max(1, Math.floor(this.#filler.maxBytes / 2));
    for (const { stream: id, from } of [...batch.sections].reverse()) {
      const stream = this.#catalog.stream(id);
      if (stream !== undefined) stream.readAt = from;
    }
    this.#unacknowledged = undefined;
    this.#filler.builder.clear();
    await this.#writeLedger([{ t: 'withdraw', seq: batch.seq }]);
  }

  /** Makes a batch of an earlier run again, of the same bytes, and sends it. */
  async #sendAgain(batch: PlannedBatch): Promise<void> {
    await this.#lock.run(async () => {
      for (const section of batch.sections) await this.#addAgain(section);
    });
    await this.#send(batch);
  }

  async #addAgain(section: PlannedSection): Promise<void> {
    const stream = this.#catalog.stream(section.stream);
    const watch = stream === undefined ? undefined : this.#catalog.watchOf(stream);
    const labels = stream === undefined ? {} : (watch?.labels(stream.file) ?? {});
    let read = stream === undefined ? undefined : await this.#filler.reader.again(stream, section);
    if (read === undefined && stream?.reader !== undefined) {
      // Truncated while we were away: its copy has them.
      stream.readAt = section.from;
      await this.#catalog.cut(stream);
      read = await this.#filler.reader.again(stream, section);
    }
    if (read === undefined) {
      this.#counters.linesLost += section.lines;
      this.#filler.builder.addLost(labels, section);
      return;
    }
    this.#filler.builder.add(labels, section, read.pieces);
  }

  async #rewriteLedger(): Promise<void> {
    await this.#persist(() => {
      const plan: LedgerRecord[] =
        this.#unacknowledged === undefined ? [] : [{ t: 'plan', batch: this.#unacknowledged }];
      return this.#ledger.rewrite(this.#seq, [...this.#catalog.records(), ...plan]);
    });
  }

  async #writeLedger(records: readonly LedgerRecord[]): Promise<boolean> {
    const all = [...this.#catalog.takeChanges(), ...records];
    return this.#persist(() => this.#ledger.append(all, true));
  }

  /** Nothing is sent that is not in the ledger: where it cannot be written, logs wait in their files. */
  async #persist(write: () => Promise<void>): Promise<boolean> {
    for (;;) {
      try {
        await write();
        if (this.#state === 'failing') this.#options.warn('the ledger can be written again');
        this.#state = 'running';
        this.#detail = undefined;
        return true;
      } catch (error) {
        const message = `the ledger cannot be written: ${(error as Error).message}`;
        if (this.#state !== 'failing') this.#options.warn(`${message}; log files are read on when it can be`);
        this.#state = 'failing';
        this.#detail = message;
        if (!(await this.#pause(LEDGER_RETRY_MS))) return false;
      }
    }
  }
}

/** What a batch is made of. */
function madeOf({ sections }: PlannedBatch): string {
  return sections.map(({ stream, from, to, sum }) => `${stream}:${from}:${to}:${sum}`).join();
}
