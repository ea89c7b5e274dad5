import { expect, test } from 'vitest';
import { lineForm } from './line-form.ts';

const FORMS: readonly (readonly [line: string, form: string])[] = [
  ['Received block blk_-1608 of size 67108864 from /10.250.19.102', 'Received block 0 of size 0 from /0'],
  ['10.0.0.7:50010 is added', '0 is added'],
  ['took 1.5s, then -40 ms', 'took 0, then 0 0'],
  ['freed 4.1 KB of 932 B', 'freed 0 0 of 0 0'],
  ['request 0f8e-cafe-11aa-beef done', 'request 0 done'],
  ['at Sat Jun 18 02:08:10 2005', 'at 0 0 0 0 0'],
  ['May the job go on', 'May the job go on'],
  ['\u001b[31mFailed\u001b[0m after 3 tries', 'Failed after 0 tries'],
  ['Verbindung zu größe4 verloren', 'Verbindung zu größ0 verloren'],
  ['Error: no route\n    at run (app.js:10:3)', 'Error: no route'],
  ['{"level":30,"msg":"order 17 paid","ms":12}', 'order 0 paid'],
  ['{"message":"caf\\u00e9 no. 7","level":"info"}', 'café no. 0'],
  ['{"method":"GET","status":200}', '{method status}'],
  ['{"cut": "of', '{"cut": "of'],
  ['', ''],
  ['   ', ''],
];

test.each(FORMS)('%j has the form %j', (line, form) => {
  expect(lineForm(line).join(' ')).toBe(form);
});

test('a template of the store has the form of its lines', () => {
  expect(lineForm('{"msg":"job 0 took 0.0 ms","n":0}')).toEqual(lineForm('{"msg":"job 17 took 1.5 ms","n":3}'));
  expect(lineForm('blk_-0 is 0.0.0.0:0')).toEqual(lineForm('blk_-77 is 10.1.2.3:8080'));
});

test('a line of a million letters, dashes or digits takes no longer than its beginning', () => {
  for (const line of ['x'.repeat(1e6), '-'.repeat(1e6), '7'.repeat(1e6), 'a-1'.repeat(3e5), '0.'.repeat(5e5)]) {
    expect(lineForm(line).join(' ').length).toBeLessThanOrEqual(2000);
  }
  expect(lineForm('word '.repeat(1000)).length).toBe(120);
});
