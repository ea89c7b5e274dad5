/** Events in the order of their arrival: what a live reader has missed, and where one that wants the last few begins. */

import type { AfterAnswer, AfterQuestion, StartAnswer, StartQuestion } from '../questions.ts';
import { renderRow } from './render-row.ts';
import { ROWS_PER_LOOK, rowAfter, Scan } from './scan.ts';
import type { Pace, Snapshot } from './snapshot.ts';

export async function answerAfter(snapshot: Snapshot, pace: Pace, question: AfterQuestion): Promise<AfterAnswer> {
  const { position, until, maxBytes, form } = question;
  const scan = new Scan(snapshot, pace, question.selection, question.range);
  const rows: string[] = [];
  const positions: number[] = [];
  let bytes = 0;
  const { droppedTo } = snapshot;
  for await (const handle of scan.walk('arrival-asc', { positions: { above: position, upTo: until } })) {
    if (handle.lastPosition <= position || handle.firstPosition > until) continue;
    await pace.rest();
    const block = await handle.open();
    const test = scan.test(block);
    if (test === 'none') continue;
    for (let row = rowAfter(block, position); row < block.count; row++) {
      if (row % ROWS_PER_LOOK === 0) await pace.rest();
      const at = block.positionOf(row);
      if (at > until) break;
      if (test !== 'all' && !test(row)) continue;
      const text = renderRow(block.eventOf(row), form);
      rows.push(text);
      positions.push(at);
      bytes += text.length;
      if (bytes >= maxBytes) return { rows, positions, reached: at, droppedTo };
    }
    // What was looked at without a hit counts too: a reader with a rare wish must get on.
    if (pace.elapsedMs() > PATIENCE_MS)
      return { rows, positions, reached: Math.min(until, handle.lastPosition), droppedTo };
  }
  return { rows, positions, reached: until, droppedTo };
}

/** Milliseconds after which a reader is told how far the search has come. */
const PATIENCE_MS = 1000;

export async function answerStart(snapshot: Snapshot, pace: Pace, question: StartQuestion): Promise<StartAnswer> {
  const { tail, until } = question;
  const scan = new Scan(snapshot, pace, question.selection, question.range);
  let left = tail ?? Number.POSITIVE_INFINITY;
  let start = until;
  for await (const handle of scan.walk('arrival-desc', { positions: { above: 0, upTo: until }, rows: tail })) {
    if (left === 0) break;
    if (handle.firstPosition > until) continue;
    await pace.rest();
    const block = await handle.open();
    const test = scan.test(block);
    if (test === 'none') continue;
    for (let row = rowAfter(block, until) - 1; row >= 0 && left > 0; row--) {
      if (row % ROWS_PER_LOOK === 0) await pace.rest();
      if (test !== 'all' && !test(row)) continue;
      start = block.positionOf(row) - 1;
      left--;
    }
  }
  return { position: start };
}
