/** Priority of the thread that calls, where the system has one for each thread. */

import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';

/** Niceness of threads that nobody waits for by the millisecond: beside one of niceness 0 they get a tenth of a core that both want. */
const BACKGROUND = 10;

/** Lets all other threads go first. On systems other than Linux nothing happens. */
export function goToBackground(): void {
  try {
    // PID/task/TID: read by this thread, it names this thread. Linux keeps priorities by thread.
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), BACKGROUND);
  } catch {
    // Another system, or one that does not let us: questions and live streams then share as equals.
  }
}
