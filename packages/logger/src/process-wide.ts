/**
 * What there may be one of in a process. An app may load this package twice, as ES modules and as CommonJS, or two
 * versions of it: state in modules would then exist twice, two writers would rotate one file, and half of the app would
 * not see the context of its request. So it hangs on the global object, under a name with the version of its form.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import type { Fields } from '@flywatch/core';

export interface ProcessWide {
  readonly contexts: AsyncLocalStorage<Fields>;
  /** Files, standard output and ways to hubs that are open, by what they lead to. */
  readonly shared: Map<string, Shared>;
  /** What is to be written before the process ends. */
  readonly lastWords: Set<LastWords>;
  /** Whether somebody listens for the end of the process. */
  isWatched: boolean;
}

export interface Shared {
  readonly resource: object;
  users: number;
}

export interface LastWords {
  /** A signal came, which may be the end: writes what can be written at once. */
  writeNow?(): void;
  /** What needs the event loop, within a second: where there is time left, which is at a signal and at a natural end. */
  drain?(): Promise<void> | undefined;
  /** The very last call: writes what can be written with some patience, and tells what is lost. */
  end(): void;
}

const KEY = Symbol.for('@flywatch/logger/1');

export function processWide(): ProcessWide {
  const holder = globalThis as { [KEY]?: ProcessWide };
  holder[KEY] ??= { contexts: new AsyncLocalStorage(), shared: new Map(), lastWords: new Set(), isWatched: false };
  return holder[KEY];
}
