import { expect, test } from 'vitest';
import { judgeSlug, judgeToken } from './fly-credentials.ts';

const LONG = 'x'.repeat(680);

// biome-ignore format: a table
test.each([
  [undefined, 'skipped'], ['personal', 'bad'], ['My Company', 'bad'], ['ACME', 'bad'], ['-a', 'bad'], ['acme-42', 'good'],
])('the slug %j is %s', (slug, state) => expect(judgeSlug(slug).state).toBe(state));

// biome-ignore format: a table
test.each([
  [undefined, 'skipped'],
  [`FlyV1 fm2_${LONG},fm2_${LONG}`, 'good'],
  [`fm2_${LONG}`, 'good'],
  [`  fm2_${LONG}\n`, 'good'],
  ['FlyV1 fm2_short', 'warning'],
  ['legacy-token', 'warning'],
  [`fm2_${LONG} fm2_${LONG}`, 'bad'],
  [`"fm2_${LONG}"`, 'bad'],
])('the token %j is %s', (token, state) => {
  const finding = judgeToken(token);
  expect(finding.state).toBe(state);
  expect(JSON.stringify(finding)).not.toContain('xxx');
});

test('whatever is wrong comes with what to do', () => {
  for (const finding of [judgeSlug('personal'), judgeToken('legacy')]) expect(finding.remedy).toMatch(/fly /);
});
