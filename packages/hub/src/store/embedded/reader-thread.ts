/** The file of the reading thread. Loaded anywhere else it does nothing. */

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type ReaderData, serveReader } from './reader-loop.ts';

if (!isMainThread) serveReader(parentPort!, workerData as ReaderData);
