/** A model for the pictures: it looks into the story's errors, and answers with lines that are really there. */

import type { Script } from '../../test/support/scripted-model.ts';

const CALLS = [
  [['count_logs', { from: '15m', level: 'error', by: 'app' }]],
  [['get_patterns', { from: '5m', baseline: '5m' }]],
  [['search_logs', { from: '15m', level: 'error', order: 'asc', limit: 60 }]],
] as const;

export const storyAnswer: Script = ({ body: { messages } }) => {
  const lastAsked = messages.findLastIndex(({ role }) => role === 'user');
  const round = messages.slice(lastAsked).filter(({ role }) => role === 'tool').length;
  const calls = CALLS[round];
  if (calls !== undefined) return { calls, delayMs: 20 };
  const ids = [...JSON.stringify(messages.at(-1)).matchAll(/ #([0-9a-z]{11}-[0-9a-z]{5})/g)].map(([, id]) => id);
  const [first, second, third] = [ids[0], ids[ids.length >> 1], ids.at(-1)];
  return {
    text: `**The database refuses connections**, and the API answers with 500 for it. It began with the first refused connection [#${first}].

The workers keep what fails and try again, which makes it worse: halfway through [#${second}] they outnumber the requests of people. The newest one is seconds old [#${third}], so it goes on.

What to do next:

1. look at the disk of the database's host
2. stop the workers: \`fly scale count 0 -a shop-worker\`

| app | errors |
|---|---|
| shop-api | most of them |
| shop-worker | what follows from it |`,
    usage: { prompt_tokens: 10_900, completion_tokens: 300, cost: 0.0081 },
  };
};
