/** A sink that keeps what it is given, once a batch id, and a tail over a folder of its own. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogBatch, LogOutcome, LogSink } from './log-sink.ts';
import { LogTail, type LogTailOptions } from './log-tail.ts';

export interface SentLine {
  readonly text: string;
  readonly app: string | undefined;
  readonly source: string | undefined;
}

interface Header {
  readonly lines: number;
  readonly lost?: boolean;
  readonly app?: string;
  readonly source?: string;
}

export class RecordingSink implements LogSink {
  readonly lines: SentLine[] = [];
  readonly ids: string[] = [];
  lostLines = 0;
  /** What the next batches are answered with. */
  answer: (batch: LogBatch) => LogOutcome | Promise<LogOutcome> = () => 'taken';

  get texts(): string[] {
    return this.lines.map(({ text }) => text);
  }

  async send(batch: LogBatch, signal: AbortSignal): Promise<LogOutcome> {
    const outcome = await Promise.race([
      this.answer(batch),
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    ]);
    if (outcome === 'taken') this.keep(batch);
    return outcome;
  }

  /** As a hub does: a batch that came before is taken, and not kept again. */
  keep(batch: LogBatch): void {
    if (this.ids.includes(batch.id)) return;
    this.ids.push(batch.id);
    const rest = batch.body.toString('utf8').split('\n');
    if (rest.pop() !== '') throw new Error('a body has to end with a line break');
    while (rest.length > 0) {
      const header = JSON.parse(rest.shift()!) as Header;
      if (header.lost === true) {
        this.lostLines += header.lines;
        continue;
      }
      for (const text of rest.splice(0, header.lines))
        this.lines.push({ text, app: header.app, source: header.source });
    }
  }

  /** Resolves when so many lines came; rejects with those that did after a while. */
  async until(count: number, patienceMs = 30_000): Promise<string[]> {
    const endMs = Date.now() + patienceMs;
    while (this.lines.length < count) {
      if (Date.now() > endMs)
        throw new Error(`${this.lines.length} of ${count} lines came: ${this.texts.slice(-20).join(' | ')}`);
      await sleep(10);
    }
    return this.texts;
  }
}

export interface TailSetup {
  readonly folder: string;
  readonly sink: RecordingSink;
  readonly warnings: string[];
  /** Lets time pass that nobody waits for. */
  skip(ms: number): void;
  path(name: string): string;
  /** A tail over the state that the last one left. */
  start(pattern: string, options?: Partial<LogTailOptions>): Promise<LogTail>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function setupTail(): TailSetup {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-tail-'));
  mkdirSync(join(folder, 'logs'));
  const sink = new RecordingSink();
  const warnings: string[] = [];
  const tails: LogTail[] = [];
  let skippedMs = 0;
  const path = (name: string) => join(folder, 'logs', name);
  return {
    folder,
    sink,
    warnings,
    skip: (ms) => {
      skippedMs += ms;
    },
    path,
    start: async (pattern, options) => {
      const tail = new LogTail({
        settings: {
          agent: 'a',
          stateDir: join(folder, 'state'),
          files: [{ pattern: path(pattern), app: 'shop' }],
        },
        sink,
        warn: (message) => warnings.push(message),
        now: () => Date.now() + skippedMs,
        ...options,
      });
      tails.push(tail);
      await tail.start();
      return tail;
    },
    [Symbol.asyncDispose]: async () => {
      for (const tail of tails) await tail.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
