/**
 * Which fields lines have. Their parsed form has to be looked at line by line, so that there is an end to it: the newest come
 * first, and what was found when time is over is the answer.
 */

import { FieldCatalogue } from '@flywatch/core';
import type { FieldsAnswer, FieldsQuestion } from '../questions.ts';
import { ROWS_PER_LOOK, Scan } from './scan.ts';
import type { Pace, Snapshot } from './snapshot.ts';

export async function answerFields(snapshot: Snapshot, pace: Pace, question: FieldsQuestion): Promise<FieldsAnswer> {
  const { selection, range, limit, patienceMs } = question;
  const scan = new Scan(snapshot, pace, selection, range);
  const catalogue = new FieldCatalogue();
  let total = 0;
  const answer = (complete: boolean) => ({ fields: catalogue.list().slice(0, limit), total, complete });
  for await (const handle of scan.walk('time-desc')) {
    const block = await handle.open();
    const test = scan.test(block);
    if (test === 'none') continue;
    for (let row = block.count - 1; row >= 0; row--) {
      if (row % ROWS_PER_LOOK === 0) {
        if (pace.elapsedMs() > patienceMs) return answer(false);
        await pace.rest();
      }
      if (test !== 'all' && !test(row)) continue;
      const event = block.eventOf(row);
      catalogue.add(event, event.fields);
      total++;
    }
  }
  return answer(true);
}
