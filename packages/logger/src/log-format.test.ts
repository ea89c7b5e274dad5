import { expect, test } from 'vitest';
import { logFormatProblem, validateLogFormat } from './log-format.ts';

const LINE = { timestamp: '2026-02-08T20:30:00Z', level: 'INFO', logger: 'my_app', message: 'User action' };

test('logcore’s line is valid, with and without context', () => {
  expect(validateLogFormat(JSON.stringify(LINE))).toBe(true);
  expect(validateLogFormat(JSON.stringify({ ...LINE, context: { user_id: 123 } }))).toBe(true);
});

test.each([
  ['plain text', /not JSON/],
  ['[]', /no object/],
  ['null', /no object/],
  [JSON.stringify({ ...LINE, level: 'info' }), /its level is "info"; expected one of DEBUG, INFO, WARNING/],
  [JSON.stringify({ level: 'INFO', message: '' }), /lacks timestamp, logger/],
])('%s is not', (line, said) => {
  expect(validateLogFormat(line)).toBe(false);
  expect(logFormatProblem(line)).toMatch(said);
});
