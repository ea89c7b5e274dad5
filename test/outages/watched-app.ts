/** An app that an agent watches: it writes numbered lines into a file that is rotated, and answers a check. */

import { once } from 'node:events';
import { appendFileSync, renameSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WatchedApp extends AsyncDisposable {
  readonly url: string;
  readonly linesWritten: number;
  readonly checksAnswered: number;
  stopWriting(): void;
}

const WRITE_EVERY_MS = 100;

/** Every file stays on disk under its own name, so that what is lost was lost by others. */
export async function startWatchedApp(
  file: string,
  linesPerSecond: number,
  rotateEveryMs: number,
): Promise<WatchedApp> {
  let lines = 0;
  let rotations = 0;
  let checks = 0;
  const server = createServer((_, response) => {
    checks++;
    response.end('fine');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const startedAt = performance.now();
  const writing = setInterval(() => {
    const elapsedMs = performance.now() - startedAt;
    const due = Math.floor((elapsedMs / 1000) * linesPerSecond);
    let text = '';
    while (lines < due) text += `line ${lines++} of the app\n`;
    appendFileSync(file, text);
    if (elapsedMs / rotateEveryMs > rotations + 1) renameSync(file, `${file}.${++rotations}`);
  }, WRITE_EVERY_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get linesWritten() {
      return lines;
    },
    get checksAnswered() {
      return checks;
    },
    stopWriting: () => clearInterval(writing),
    [Symbol.asyncDispose]: async () => {
      clearInterval(writing);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
