import type { Level } from '@flywatch/core';
import type { ReactNode } from 'react';

const LETTERS: Readonly<Record<Level, string>> = {
  trace: 'TRC',
  debug: 'DBG',
  info: 'INF',
  warn: 'WRN',
  error: 'ERR',
  fatal: 'FTL',
};

/** Three letters in the shape of the level: hue only repeats what letters, weight and box say. */
export function LevelTag({ level }: { readonly level: Level }): ReactNode {
  return (
    <abbr className={`fw-level fw-level-${level}`} title={level}>
      {LETTERS[level]}
    </abbr>
  );
}
