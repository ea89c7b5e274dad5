/** The file of the writing thread. Loaded anywhere else it does nothing. */

import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { serveWriter, type WriterData } from './writer-loop.ts';

if (!isMainThread) serveWriter(parentPort!, workerData as WriterData);
