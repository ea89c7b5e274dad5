/** What is sent with a question: the view that it is about, as text, since the assistant cannot see the page. */

import { rangeMoments, type View } from '../live/view.ts';

export function questionText(question: string, { q, range, line }: View, nowMs: number): string {
  const { fromMs, toMs } = rangeMoments(range, nowMs);
  const view = [
    `- time: ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`,
    ...(q === '' ? [] : [`- filter: ${q}`]),
    ...(line === undefined ? [] : [`- line: #${line}`]),
  ];
  return `${question}\n\nWhat I am looking at:\n${view.join('\n')}`;
}

/** Questions that the view suggests, the nearest first. */
export function suggestions({ q, range, line, show }: View): readonly string[] {
  return [
    ...(line === undefined ? [] : [EXPLAIN_LINE]),
    ...(range.kind === 'between' ? ['Why this spike?'] : []),
    ...(show === 'patterns' ? ['What has changed, and does it matter?'] : []),
    ...(q === '' ? [] : ['What do these lines have in common?']),
    'What is new in the last hour?',
    'Is anything wrong right now?',
  ].slice(0, MAX_SUGGESTIONS);
}

export const EXPLAIN_LINE = 'Explain this line';

const MAX_SUGGESTIONS = 4;
