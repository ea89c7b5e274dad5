/** Questions to answers, one row a kind. To add a question: its types in `questions.ts`, a function, and a row here. */

import type { AnswerTo, Conversation, ExtentAnswer, Kind } from '../questions.ts';
import { answerAfter, answerStart } from './arrival.ts';
import { answerContext, answerLevels } from './context.ts';
import { answerFacets, answerHistogram, answerSummary } from './counts.ts';
import { answerFields } from './fields.ts';
import { figuresAnswer } from './figures.ts';
import { answerOrigins } from './origins.ts';
import { answerKeys, answerPage } from './page.ts';
import { answerPatterns } from './patterns.ts';
import { answerSeries } from './series.ts';
import type { Pace, Snapshot } from './snapshot.ts';

type Answers = {
  readonly [K in Kind]: (snapshot: Snapshot, pace: Pace, question: Conversation[K]['question']) => Promise<AnswerTo<K>>;
};

const ANSWERS: Answers = {
  page: answerPage,
  histogram: answerHistogram,
  facets: answerFacets,
  fields: answerFields,
  context: answerContext,
  levels: answerLevels,
  summary: answerSummary,
  patterns: answerPatterns,
  after: answerAfter,
  start: answerStart,
  extent: answerExtent,
  keys: answerKeys,
  origins: answerOrigins,
  hosts: figuresAnswer('hosts'),
  trails: figuresAnswer('trails'),
  points: figuresAnswer('points'),
  results: figuresAnswer('results'),
  series: answerSeries,
  sparks: figuresAnswer('sparks'),
  tallies: figuresAnswer('tallies'),
};

export function answer<K extends Kind>(
  snapshot: Snapshot,
  pace: Pace,
  question: Conversation[K]['question'],
): Promise<AnswerTo<K>> {
  return ANSWERS[question.kind as K](snapshot, pace, question);
}

async function answerExtent(snapshot: Snapshot): Promise<ExtentAnswer> {
  if (snapshot.extent !== undefined) return snapshot.extent();
  const blocks = await snapshot.blocks({});
  const least = (values: number[]) => (values.length === 0 ? undefined : values.reduce((a, b) => Math.min(a, b)));
  const most = (values: number[]) => (values.length === 0 ? undefined : values.reduce((a, b) => Math.max(a, b)));
  return {
    events: blocks.reduce((sum, block) => sum + block.count, 0),
    firstPosition: least(blocks.map((block) => block.firstPosition)),
    lastPosition: most(blocks.map((block) => block.lastPosition)),
    minTimeMs: least(blocks.map((block) => block.minTimeMs)),
    maxTimeMs: most(blocks.map((block) => block.maxTimeMs)),
    droppedTo: snapshot.droppedTo,
  };
}
