import type { FlatEvent } from '@flywatch/core';
import { useEffect, useState } from 'react';
import { askLine } from '../live/list/history-page.ts';

/** `gone`: the hub has no such line, or none any more. `unread`: it could not be asked. */
export type CitedLine = FlatEvent | 'gone' | 'unread';

/** The lines of these ids, asked for one after the other as they are cited; absent until they are here. */
export function useCitedLines(ids: readonly string[]): ReadonlyMap<string, CitedLine> {
  const [lines, setLines] = useState<ReadonlyMap<string, CitedLine>>(new Map());
  const next = ids.find((id) => !lines.has(id));
  useEffect(() => {
    if (next === undefined) return;
    const controller = new AbortController();
    const found = (line: CitedLine) => {
      if (!controller.signal.aborted) setLines((before) => new Map(before).set(next, line));
    };
    askLine(next, controller.signal).then(
      (line) => found(line ?? 'gone'),
      () => found('unread'),
    );
    return () => controller.abort();
  }, [next]);
  return lines;
}
