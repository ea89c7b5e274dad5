/** What the hub answers to a question of a part of the page, asked again when the question changes and, if wished, after a while. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { ask } from './hub.ts';

export interface Answer<T> {
  /** The last good answer; it stays while the next one is on its way, and when that fails. */
  readonly data: T | undefined;
  /** The question that `data` answers, to tell an old answer from that to the question of now. */
  readonly params: Params | undefined;
  /** When the answer came. */
  readonly atMs: number;
  /** What went wrong with the newest question; undefined once one succeeds. */
  readonly error: unknown;
  /** Asks at once. */
  readonly again: () => void;
}

export type Params = Readonly<Record<string, string | number | undefined>>;

interface Options {
  /** Asks again so long after an answer. */
  readonly everyMs?: number;
  /** Waits so long before it asks: for questions that change while somebody types. */
  readonly delayMs?: number;
}

const NOTHING: Omit<Answer<never>, 'again'> = { data: undefined, params: undefined, atMs: 0, error: undefined };

/** `path` undefined asks nothing and keeps what there is. */
export function useAnswer<T>(path: string | undefined, params: Params, options: Options = {}): Answer<T> {
  const { everyMs, delayMs = 0 } = options;
  const [answer, setAnswer] = useState<Omit<Answer<T>, 'again'>>(NOTHING);
  const [round, setRound] = useState(0);
  const current = useRef(params);
  current.current = params;
  const question = JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question stands for the parameters, which are a new object each time, and a new round asks again
  useEffect(() => {
    if (path === undefined) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const fetchOnce = async () => {
      const asked = current.current;
      try {
        const data = await ask<T>(path, asked, { signal: controller.signal });
        if (!controller.signal.aborted) setAnswer({ data, params: asked, atMs: Date.now(), error: undefined });
      } catch (error) {
        if (!controller.signal.aborted) setAnswer((before) => ({ ...before, error }));
      }
      // Not an interval: a slow hub must not be asked faster than it answers, and a hidden page asks when it is seen again.
      if (everyMs !== undefined && !controller.signal.aborted) timer = setTimeout(whenSeen, everyMs);
    };
    const whenSeen = () => {
      if (document.visibilityState === 'visible') fetchOnce();
      else document.addEventListener('visibilitychange', whenSeen, { once: true, signal: controller.signal });
    };
    timer = setTimeout(fetchOnce, delayMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [path, question, everyMs, delayMs, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return { ...answer, again };
}
