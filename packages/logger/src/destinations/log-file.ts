/**
 * A log file as a destination. Loggers of one process that write to the same file share one writer, whoever made them: there is
 * one order of lines, one who rotates, and each line once.
 */

import { resolve } from 'node:path';
import { levelRank } from '@flywatch/core';
import { atTheEnd } from '../last-words.ts';
import { processWide, type SharedFile } from '../process-wide.ts';
import type { Destination } from './destination.ts';
import { LineWriter } from './line-writer.ts';
import type { Problems } from './problems.ts';
import { RotatingFile, type RotatingFileOptions } from './rotating-file.ts';

export function logFile(options: RotatingFileOptions, problems: Problems): Destination {
  const path = resolve(options.path);
  const file = openShared({ ...options, path }, problems);
  const error = levelRank('error');
  let isOpen = true;
  return {
    write: (record) => {
      if (isOpen) file.lines.write(record.line, levelRank(record.level) >= error);
    },
    flush: async () => file.lines.writeOut(),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      if (--file.users > 0) {
        file.lines.writeOut();
        return;
      }
      processWide().files.delete(path);
      file.forget();
      file.lines.writeAtExit();
      file.lines.close();
    },
  };
}

function openShared(options: RotatingFileOptions, problems: Problems): SharedFile {
  const { files } = processWide();
  const settings = `${options.maxBytes} bytes and ${options.maxFiles} old files`;
  let file = files.get(options.path);
  if (file === undefined) {
    const lines = new LineWriter(new RotatingFile(options), problems);
    file = { lines, settings, forget: atTheEnd({ writeNow: () => lines.writeAtExit() }), users: 0 };
    files.set(options.path, file);
  } else if (file.settings !== settings) {
    problems.tell('settings', `${options.path} is open with ${file.settings}; ${settings} are ignored`);
  }
  file.users++;
  return file;
}
