/**
 * Nothing that was logged is lost when the process ends, as far as it can be seen coming: `process.exit`, an uncaught
 * exception, the natural end, and the three signals that end a process. (`kill -9` and a fault of the engine cannot be
 * seen: then what was logged in that turn of the event loop below `error` is gone.)
 *
 * A listener for a signal takes away its effect, so that it has to be given back: where nobody else listens, the
 * process is ended by the very same signal once all is written. Where somebody does, the end is theirs to bring about.
 */

import { type LastWords, type ProcessWide, processWide } from './process-wide.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** From now on asked at the end of the process; the function takes that back. */
export function atTheEnd(words: LastWords): () => void {
  const wide = processWide();
  wide.lastWords.add(words);
  if (!wide.isWatched) watch(wide);
  return () => wide.lastWords.delete(words);
}

function watch(wide: ProcessWide): void {
  wide.isWatched = true;
  const end = () => {
    for (const words of wide.lastWords) words.end();
  };
  process.on('exit', end);
  // Nothing is left to do in the app: what is on its way to a hub is work enough to stay for.
  process.on('beforeExit', () => void drainAll(wide));
  for (const signal of SIGNALS) {
    const signalled = () => {
      for (const words of wide.lastWords) words.writeNow?.();
      if (process.listenerCount(signal) > 1) return;
      void drainAll(wide).then(() => {
        end();
        process.removeListener(signal, signalled);
        process.kill(process.pid, signal);
      });
    };
    process.on(signal, signalled);
  }
}

async function drainAll({ lastWords }: ProcessWide): Promise<void> {
  await Promise.allSettled([...lastWords].map((words) => words.drain?.()));
}
