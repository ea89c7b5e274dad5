/** Files one after the other, and then, if they are followed, all of them as they grow. */

import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { note, write } from '../program/output.ts';
import type { FileSink } from './file-output.ts';
import { FollowedFile } from './followed-file.ts';
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
}

/** @returns how many files could not be read. */
export async function tailFiles(options: TailFilesOptions): Promise<number> {
  const { words, follow, lastLines, createSink, afterPast } = options;
  const files = new Map<string, Followed>();
  const missing = new Set<string>();
  let failed = 0;

  const begin = async (path: string, last: number | undefined) => {
    const name = words.length === 1 && !isPattern(words[0]!) ? undefined : basename(path);
    const entry: Followed = { file: new FollowedFile(path), sink: createSink(name) };
    try {
      await entry.file.open(last);
      for await (const bytes of follow ? entry.file.read() : entry.file.readWhole()) {
        entry.sink.push(bytes);
        await write(entry.sink.take());
      }
    } catch (error) {
      await entry.file.close();
      if (!missing.has(path))
        note(`${path} cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}${follow ? '; waiting for it' : ''}`);
      missing.add(path);
      failed++;
      return;
    }
    missing.delete(path);
    if (follow) entry.sink.settle();
    else entry.sink.end();
    afterPast(entry.sink);
    await write(entry.sink.take());
    if (follow) files.set(path, entry);
    else await entry.file.close();
  };
  const search = async (last: number | undefined) => {
    for (const path of words.flatMap(expandPath)) {
      if (files.has(path)) continue;
      if (files.size >= MAX_FILES) {
        if (!missing.has('')) note(`more than ${MAX_FILES} files; the others are not followed`);
        missing.add('');
        return;
      }
      await begin(path, last);
    }
  };

  await search(lastLines);
  for (const word of words)
    if (isPattern(word) && expandPath(word).length === 0) {
      note(`there is no file ${word}${follow ? ' yet; waiting for one' : ''}`);
      failed++;
    }
  if (!follow) return failed;
  for (let looks = 1; ; looks++) {
    await sleep(LOOK_MS);
    // A file that comes later is new: it is read from its beginning.
    if (looks % LOOKS_A_SEARCH === 0) await search(undefined);
    for (const { file, sink } of files.values()) await followOn(file, sink);
  }
}

async function followOn(file: FollowedFile, sink: FileSink): Promise<void> {
  let isQuiet = true;
  const readOn = async () => {
    for await (const bytes of file.read()) {
      isQuiet = false;
      sink.push(bytes);
      await write(sink.take());
    }
  };
  await readOn();
  const became = await file.look().catch(() => 'same' as const);
  if (became === 'begun-anew') {
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
