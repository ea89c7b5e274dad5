/**
 * Tails systemd's journal into a sink, each entry once: what a batch is made of, from which cursor to which, is on disk before it is sent, and
 * an unacknowledged one is read again from the journal after a restart.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '@flywatch/core';
import { cursorOf, type JournalCommand, newestCursor, readJournal } from '../formats/journal-reader.ts';
import { replaceFile } from './atomic-file.ts';
import { batchId } from './batch-id.ts';
import { BATCH_BYTES, POLL_MS } from './limits.ts';
import type { LogSink } from './log-sink.ts';
import { type Labels, sectionHeader } from './section.ts';

export interface JournalTailSettings extends JournalCommand {
  readonly agent: string;
  /** Folder for the checkpoint, of this tail alone. */
  readonly stateDir: string;
  readonly app?: string | undefined;
  readonly host?: string | undefined;
}

export interface JournalTailOptions {
  readonly settings: JournalTailSettings;
  readonly sink: LogSink;
  readonly warn: (message: string) => void;
}

export interface JournalTailStatus {
  /** `running` from the moment on from which every new entry will be sent. */
  readonly state: 'idle' | 'starting' | 'running' | 'failing' | 'stopped';
  readonly detail: string | undefined;
  readonly entriesSent: number;
  readonly lastAckMs: number | undefined;
  /** Entries of an earlier run that the journal no longer has; the hub may have them. */
  readonly entriesLost: number;
}

/** A batch that was sent, or was about to be. */
interface Plan {
  readonly from: string;
  readonly to: string;
  readonly lines: number;
}

interface Checkpoint {
  readonly boot: string;
  readonly seq: number;
  /** Everything up to it was acknowledged. */
  readonly cursor: string | undefined;
  readonly plan: Plan | undefined;
}

/** Waits before journalctl is started again: it ends when the journal is rotated away beneath it, or is not there at all. */
const RETRY_BASE_MS = 500;
const RETRY_MAX_MS = 60_000;

/** How long a batch that was refused waits. */
const REFUSED_RETRY_MS = 30_000;

export class JournalTail {
  readonly #options: JournalTailOptions;
  readonly #path: string;
  readonly #stopping = new AbortController();
  #state: JournalTailStatus['state'] = 'idle';
  #detail: string | undefined;
  #running: Promise<void> | undefined;
  #checkpoint: Checkpoint = { boot: crypto.randomUUID().slice(0, 8), seq: 0, cursor: undefined, plan: undefined };
  #counters = { sent: 0, lost: 0 };
  #lastAckMs: number | undefined;

  constructor(options: JournalTailOptions) {
    this.#options = options;
    this.#path = join(options.settings.stateDir, 'journal.checkpoint');
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'starting';
    mkdirSync(this.#options.settings.stateDir, { recursive: true });
    this.#checkpoint = readCheckpoint(this.#path) ?? this.#checkpoint;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#state = 'stopped';
  }

  status(): JournalTailStatus {
    const { sent, lost } = this.#counters;
    return {
      state: this.#state,
      detail: this.#detail,
      entriesSent: sent,
      lastAckMs: this.#lastAckMs,
      entriesLost: lost,
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const backoff = new Backoff({ baseMs: RETRY_BASE_MS, capMs: RETRY_MAX_MS });
    while (!signal.aborted) {
      try {
        if (this.#checkpoint.plan !== undefined) await this.#sendAgain(this.#checkpoint.plan);
        await this.#follow(() => backoff.reset());
      } catch (error) {
        if (signal.aborted) return;
        const message = `the journal cannot be read: ${(error as Error).message}`;
        if (this.#state !== 'failing') this.#options.warn(`${message}; tried again`);
        this.#state = 'failing';
        this.#detail = message;
      }
      await sleep(backoff.nextDelayMs(), undefined, { signal }).catch(() => {});
    }
  }

  async #follow(onEntries: () => void): Promise<void> {
    const { settings } = this.#options;
    const { signal } = this.#stopping;
    // From now on where nothing is known: a journal goes back for months.
    const cursor = this.#checkpoint.cursor ?? (await newestCursor(settings, signal));
    if (cursor === undefined) return;
    await this.#save({ ...this.#checkpoint, cursor });
    this.#state = 'running';
    this.#detail = undefined;
    for await (const lines of gathered(readJournal(settings, ['--follow', `--after-cursor=${cursor}`], signal))) {
      onEntries();
      const to = cursorOf(lastLine(lines));
      if (to === undefined) throw new Error('journalctl printed something else than entries');
      const plan: Plan = { from: this.#checkpoint.cursor!, to, lines: countLines(lines) };
      await this.#save({ ...this.#checkpoint, seq: this.#checkpoint.seq + 1, plan });
      await this.#send(plan, lines);
    }
  }

  /** The batch of an earlier run, read again from the journal. */
  async #sendAgain(plan: Plan): Promise<void> {
    const args = [`--after-cursor=${plan.from}`];
    let lines: Buffer = Buffer.alloc(0);
    for await (const more of readJournal(this.#options.settings, args, this.#stopping.signal)) {
      lines = firstLines(Buffer.concat([lines, more]), plan.lines);
      if (countLines(lines) === plan.lines) break;
    }
    const isSame = countLines(lines) === plan.lines && cursorOf(lastLine(lines)) === plan.to;
    // The journal is bounded too: what it no longer has keeps its places, since the hub counts them.
    if (!isSame) this.#counters.lost += plan.lines;
    await this.#send(plan, isSame ? lines : undefined);
  }

  async #send(plan: Plan, lines: Buffer | undefined): Promise<void> {
    const { sink, settings, warn } = this.#options;
    const { boot, seq } = this.#checkpoint;
    const labels: Labels = { app: settings.app, host: settings.host };
    const header = sectionHeader(labels, plan.lines, lines === undefined);
    const body = lines === undefined ? header : Buffer.concat([header, lines]);
    const id = batchId(settings.agent, boot, seq, `${plan.from} ${plan.to} ${plan.lines}`);
    // A cursor is no number: what was sent last is known by its id.
    const reached = [{ file: 'journal', generation: id, offset: plan.lines }];
    const batch = { id, agent: settings.agent, body, lines: plan.lines, reached };
    while ((await sink.send(batch, this.#stopping.signal)) !== 'taken') {
      warn(`entries of the journal were refused; they are sent again in ${REFUSED_RETRY_MS / 1000} s`);
      await sleep(REFUSED_RETRY_MS, undefined, { signal: this.#stopping.signal });
    }
    this.#counters.sent += plan.lines;
    this.#lastAckMs = Date.now();
    await this.#save({ ...this.#checkpoint, cursor: plan.to, plan: undefined });
  }

  async #save(checkpoint: Checkpoint): Promise<void> {
    await (await replaceFile(this.#path, Buffer.from(JSON.stringify(checkpoint)))).close();
    this.#checkpoint = checkpoint;
  }
}

function readCheckpoint(path: string): Checkpoint | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Checkpoint;
  } catch {
    // None yet, or one that nobody can read: from now on.
    return undefined;
  }
}

/** Lines that come within a moment of each other, together: a batch for each entry would be a commit for each. */
async function* gathered(source: AsyncGenerator<Buffer, void, undefined>): AsyncGenerator<Buffer, void, undefined> {
  let next = source.next();
  for (;;) {
    const { value: first, done } = await next;
    if (done === true || first === undefined) return;
    const pieces = [first];
    let bytes = first.length;
    const patience = new AbortController();
    const due = sleep(POLL_MS, 'due' as const, { signal: patience.signal }).catch(() => 'due' as const);
    next = source.next();
    while (bytes < BATCH_BYTES) {
      const result = await Promise.race([next, due]);
      if (result === 'due' || result.done === true) break;
      pieces.push(result.value);
      bytes += result.value.length;
      next = source.next();
    }
    patience.abort();
    // It is asked for again below; until then a failure is nobody's surprise.
    next.catch(() => {});
    yield Buffer.concat(pieces);
  }
}

function lastLine(lines: Buffer): Buffer {
  return lines.subarray(lines.lastIndexOf(0x0a, lines.length - 2) + 1);
}

function firstLines(lines: Buffer, count: number): Buffer {
  let end = 0;
  for (let left = count; left > 0; left--) {
    const at = lines.indexOf(0x0a, end);
    if (at === -1) return lines;
    end = at + 1;
  }
  return lines.subarray(0, end);
}

function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(0x0a); at !== -1; at = lines.indexOf(0x0a, at + 1)) count++;
  return count;
}
