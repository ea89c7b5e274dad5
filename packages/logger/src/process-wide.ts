/**
 * What there may be one of in a process. An app may load this package twice, as ES modules and as CommonJS, or two versions of
 * it: state in modules would then exist twice, two writers would rotate one file, and half of the app would not see the
 * context of its request. So it hangs on the global object, under a name with the version of its form.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Fields } from '@flywatch/core';
import type { LineWriter } from './destinations/line-writer.ts';

export interface ProcessWide {
  readonly contexts: AsyncLocalStorage<Fields>;
  /** Writers of files, by absolute path. */
  readonly files: Map<string, SharedFile>;
  /** What is to be written before the process ends. */
  readonly lastWords: Set<LastWords>;
  /** Whether somebody listens for the end of the process. */
  isWatched: boolean;
}

/** A file that several loggers write to, and how many they are. */
export interface SharedFile {
  readonly lines: LineWriter;
  /** What it was opened with, in words: whoever opens it again and asks for something else is told. */
  readonly settings: string;
  readonly forget: () => void;
  users: number;
}

export interface LastWords {
  /** Writes what waits, without coming back before it is done: at a signal, and at any end. */
  writeNow?(): void;
  /** What needs the event loop: called where there is time left, which is at a signal and at a natural end. */
  drain?(): Promise<void> | undefined;
  /** The very last call: what is left now is lost. */
  giveUp?(): void;
}

const KEY = Symbol.for('@flywatch/logger/1');

export function processWide(): ProcessWide {
  const holder = globalThis as { [KEY]?: ProcessWide };
  holder[KEY] ??= { contexts: new AsyncLocalStorage(), files: new Map(), lastWords: new Set(), isWatched: false };
  return holder[KEY];
}
