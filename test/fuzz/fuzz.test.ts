/** A small share of `npm run fuzz`, every target. */

import { expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';
import { TARGETS } from './targets.ts';

test('hostile input of every kind gets an answer or a refusal, and leaves nothing behind', {
  // Ten seconds of two cores.
  timeout: 300_000,
}, async () => {
  const reports = await runCampaign({ targets: TARGETS, cases: 6000, seed: 'test' });
  const findings = reports.flatMap(({ tally }) => tally.findings.map((finding) => `${tally.name}: ${finding}`));
  expect(findings).toEqual([]);
  expect(reports).toHaveLength(TARGETS.length);
  for (const { tally } of reports) expect(tally.cases, tally.name).toBeGreaterThan(0);
});
