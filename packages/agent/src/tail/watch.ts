/** What is to be tailed: a path or a pattern, and what the hub is told about its lines. */

import { basename } from 'node:path';
import type { Labels } from './section.ts';

export interface WatchSettings {
  /** An absolute path, or a pattern with `*`, `?`, `[abc]`, `**`, `{a,b}`. */
  readonly pattern: string;
  readonly app?: string | undefined;
  readonly host?: string | undefined;
  /**
   * What the lines have as their `source`, where they do not say it themselves.
   * @defaultValue the name of the file, without its folder
   */
  readonly source?: string | undefined;
  /**
   * Whether lines that belong together, such as stack traces, become one event.
   * @defaultValue true
   */
  readonly multiLine?: boolean | undefined;
  /**
   * Folders into which the file is rotated (`olddir`).
   * @defaultValue its own folder and those directly in it
   */
  readonly rotatedDirs?: readonly string[] | undefined;
}

export interface Watch {
  readonly pattern: string;
  readonly joins: boolean;
  readonly rotatedDirs: readonly string[];
  labels(file: string): Labels;
}

export function createWatch(settings: WatchSettings): Watch {
  const { pattern, app, host, source, multiLine = true, rotatedDirs = [] } = settings;
  return {
    pattern,
    joins: multiLine,
    rotatedDirs: [...rotatedDirs],
    labels: (file) => ({ app, host, source: source ?? basename(file) }),
  };
}
