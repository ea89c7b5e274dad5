/** The file of the reading thread. Loaded anywhere else it does nothing. */

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { goToBackground } from '../own-priority.ts';
import { type ReaderData, serveReader } from './reader-loop.ts';

if (!isMainThread) {
  // A scan takes a core for seconds: live streams go first.
  goToBackground();
  serveReader(parentPort!, workerData as ReaderData);
}
