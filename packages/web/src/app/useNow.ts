import { useEffect, useState } from 'react';

/** The time, anew after each interval; 0 and no timer where it is not wanted. */
export function useNow(everyMs: number, isWanted = true): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isWanted) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, isWanted]);
  return isWanted ? nowMs : 0;
}
