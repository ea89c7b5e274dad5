/** What a route answers, kept up to date while the page is looked at. */

import { useCallback, useEffect, useRef, useState } from 'react';

export interface Answer<T> {
  /** The newest good answer; it stays while newer ones fail. */
  readonly value: T | undefined;
  /** Why the last try failed; undefined where it did not. */
  readonly error: unknown;
  /** When `value` came, in milliseconds since 1970. */
  readonly atMs: number;
  /** Asks at once. */
  readonly again: () => void;
}

/**
 * @param load - asks; given again only where `key` changes.
 * @param key - what is asked for: another one starts anew, without the old answer.
 * @param everyMs - asks again so often; a page in the background does not. Without it, once.
 */
export function useAnswer<T>(load: (signal: AbortSignal) => Promise<T>, key: string, everyMs?: number): Answer<T> {
  const [state, setState] = useState<Omit<Answer<T>, 'again'> & { key: string }>(() => nothing(key));
  const [round, setRound] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks anew, though the effect does not read it.
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askOnce = async () => {
      clearTimeout(timer);
      try {
        const value = await loader.current(abort.signal);
        if (!abort.signal.aborted) setState({ key, value, error: undefined, atMs: Date.now() });
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((old) => (old.key === key ? { ...old, error } : { ...nothing<T>(key), error }));
      }
      if (everyMs !== undefined && !abort.signal.aborted && !document.hidden) timer = setTimeout(askOnce, everyMs);
    };
    const shown = () => {
      if (!document.hidden && everyMs !== undefined) void askOnce();
    };
    document.addEventListener('visibilitychange', shown);
    void askOnce();
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [key, everyMs, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  return { ...(state.key === key ? state : nothing<T>(key)), again };
}

function nothing<T>(key: string) {
  return { key, value: undefined as T | undefined, error: undefined as unknown, atMs: 0 };
}
