/** Files one after the other, and then, if they are followed, all of them as they grow. */

import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../program/cli-error.ts';
import { note, write } from '../program/output.ts';
import type { FileSink } from './file-output.ts';
import { FollowedFile, READ_BYTES } from './followed-file.ts';
import { expandPath, isPattern, MAX_FILES } from './paths.ts';

export interface TailFilesOptions {
  /** Paths and patterns. */
  readonly words: readonly string[];
  readonly follow: boolean;
  /** Lines from the end on with which to begin each file; undefined: all. */
  readonly lastLines: number | undefined;
  /** The sink of a file. @param name - undefined where it is the only one */
  readonly createSink: (name: string | undefined) => FileSink;
  /** Called when what was there of a file is read. */
  readonly afterPast: (sink: FileSink) => void;
}

/** Between two looks at a file that grows. */
const LOOK_MS = 200;

/** Looks between two searches for new files under a pattern. */
const LOOKS_A_SEARCH = 10;

interface Followed {
  readonly file: FollowedFile;
  readonly sink: FileSink;
  /** Whether another file had the path at the last look. */
  wasReplaced: boolean;
}

/** @returns how many files could not be read. */
export async function tailFiles(options: TailFilesOptions): Promise<number> {
  const files = new Files(options);
  const failed = await files.search(options.lastLines);
  for (let looks = 1; options.follow; looks++) {
    await sleep(LOOK_MS);
    // A file that comes later is new: it is read from its beginning.
    if (looks % LOOKS_A_SEARCH === 0) await files.search(undefined);
    await files.readOn();
  }
  return failed;
}

/** The error with which a command ends that could not read all of them. */
export function unread(failed: number): CliError {
  return new CliError(failed === 1 ? 'one file could not be read' : `${failed} files could not be read`);
}

class Files {
  readonly #options: TailFilesOptions;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  readonly #followed = new Map<string, Followed>();
  /** What was said once: files and patterns that are missing, or the limit. */
  readonly #said = new Set<string>();

  constructor(options: TailFilesOptions) {
    this.#options = options;
  }

  /** Reads what is there of all files that are not followed yet, and says how many cannot be read. */
  async search(lastLines: number | undefined): Promise<number> {
    const { words, follow } = this.#options;
    let failed = 0;
    for (const word of words) {
      const paths = expandPath(word);
      if (paths.length === 0) {
        this.#sayOnce(`there is no file ${word}${follow ? ' yet; waiting for one' : ''}`);
        failed++;
      }
      for (const path of paths) {
        if (this.#followed.has(path)) continue;
        if (this.#followed.size < MAX_FILES) failed += await this.#begin(path, lastLines);
        else this.#sayOnce(`more than ${MAX_FILES} files; the others are not followed`);
      }
    }
    return failed;
  }

  async readOn(): Promise<void> {
    for (const followed of this.#followed.values()) {
      if (!followed.file.isPacked) await followOn(followed);
    }
  }

  /** @returns 1 where it cannot be read */
  async #begin(path: string, lastLines: number | undefined): Promise<0 | 1> {
    const { words, follow, createSink, afterPast } = this.#options;
    const file = new FollowedFile(path, this.#buffer);
    const sink = createSink(words.length === 1 && !isPattern(words[0]!) ? undefined : basename(path));
    try {
      await file.open(lastLines);
      for await (const bytes of file.read()) {
        sink.push(bytes);
        await write(sink.take());
      }
    } catch (error) {
      await file.close();
      const reason = reasonOf(error as NodeJS.ErrnoException);
      this.#sayOnce(`${path} cannot be read: ${reason}${follow ? '; waiting for it' : ''}`);
      return 1;
    }
    if (follow && !file.isPacked) sink.settle();
    else sink.end();
    afterPast(sink);
    await write(sink.take());
    if (follow) this.#followed.set(path, { file, sink, wasReplaced: false });
    if (!follow || file.isPacked) await file.close();
    return 0;
  }

  #sayOnce(text: string): void {
    if (!this.#said.has(text)) note(text);
    this.#said.add(text);
  }
}

async function followOn(followed: Followed): Promise<void> {
  const { file, sink } = followed;
  let isQuiet = true;
  const readOn = async () => {
    for await (const bytes of file.read()) {
      isQuiet = false;
      sink.push(bytes);
      await write(sink.take());
    }
  };
  await readOn();
  const became = await file.look();
  // A writer goes on for a moment after a rename: the old file is left at the second look, after it was read once more.
  const isOver = became === 'truncated' || (became === 'replaced' && followed.wasReplaced);
  followed.wasReplaced = became === 'replaced';
  if (isOver) {
    await file.beginAnew().catch(() => {});
    sink.end();
    await write(sink.take());
    await readOn();
  } else if (isQuiet) sink.settle();
  await write(sink.take());
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a folder';
  return message;
}
