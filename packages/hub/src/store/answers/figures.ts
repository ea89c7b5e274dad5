/** Questions about figures go to the tables as they are; a snapshot without tables has none. */

import type { FigureQuestion } from '../figures.ts';
import type { AnswerTo, Conversation } from '../questions.ts';
import type { Pace, Snapshot } from './snapshot.ts';

const NONE: { readonly [K in FigureQuestion]: AnswerTo<K> } = {
  hosts: { metrics: [], checks: [], results: [] },
  trails: { trails: [] },
  points: { rows: [] },
  results: { rows: [] },
  sparks: { hosts: [] },
  tallies: { hosts: [] },
};

/** What answers one of these questions. */
export function figuresAnswer<K extends FigureQuestion>(kind: K) {
  return async ({ figures }: Snapshot, _pace: Pace, question: Conversation[K]['question']): Promise<AnswerTo<K>> => {
    if (figures === undefined) return NONE[kind];
    const ask = figures[kind] as (asked: Conversation[K]['question']) => Promise<AnswerTo<K>> | AnswerTo<K>;
    return ask.call(figures, question);
  };
}
