import { expect, it } from 'vitest';
import { parseView } from '../live/view.ts';
import { questionText, suggestions } from './question-text.ts';

const view = (search: string) => parseView(new URLSearchParams(search));
const NOW_MS = Date.UTC(2026, 9, 21, 2, 41);

it('a question carries the view that it is about', () => {
  expect(questionText('Why?', view(''), NOW_MS)).toBe(
    'Why?\n\nWhat I am looking at:\n- time: 2026-10-21T02:26:00.000Z to 2026-10-21T02:41:00.000Z',
  );
  const there = view('q=app:api+level:error&from=2026-10-21T02:37:00Z&to=2026-10-21T02:39:00Z&line=0hod394fsfe-29b62');
  expect(questionText('Explain this line', there, NOW_MS).split('\n').slice(3)).toEqual([
    '- time: 2026-10-21T02:37:00.000Z to 2026-10-21T02:39:00.000Z',
    '- filter: app:api level:error',
    '- line: #0hod394fsfe-29b62',
  ]);
});

it.each([
  ['', 'What is new in the last hour?'],
  ['from=2026-10-21T02:37:00Z&to=2026-10-21T02:39:00Z', 'Why this spike?'],
  ['line=0hod394fsfe-29b62', 'Explain this line'],
  ['show=patterns', 'What has changed, and does it matter?'],
  ['q=level:error', 'What do these lines have in common?'],
])('the view %j suggests first: %s', (search, question) => {
  expect(suggestions(view(search))[0]).toBe(question);
});
