/**
 * `npm run fuzz [-- --cases 200000 --seed N --only name]`: throws generated input at real hubs, and says what came of it.
 * The same seed makes the same cases. Ends with 1 where something was found.
 */

import { parseArgs } from 'node:util';
import { runCampaign, type TargetReport } from './campaign.ts';
import { TARGETS } from './targets.ts';

const DEFAULT_CASES = '200000';

function print(report: TargetReport): void {
  const { tally, seconds, slowestHealthMs, peakRssMb } = report;
  const outcomes = [...tally.outcomes]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([what, count]) => `${count} ${what}`);
  const lines = [
    `${tally.name}: ${tally.cases} cases in ${seconds.toFixed(1)} s`,
    `  ${outcomes.join(', ')}`,
    `  slowest ${Math.round(tally.slowestMs)} ms (${printable(tally.slowestCase)}); /health at most ${Math.round(slowestHealthMs)} ms; peak ${peakRssMb ?? '?'} MB`,
    ...tally.findings.map((finding) => `  FOUND ${printable(finding)}`),
    ...(tally.moreFindings > 0 ? [`  and ${tally.moreFindings} more`] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Cases hold every control character there is. */
function printable(text: string): string {
  return text
    .slice(0, 1500)
    .replace(/[^\n\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Ends with 2, as for any wrong usage. */
function refuse(problem: string): never {
  process.stderr.write(`${problem}\nusage: npm run fuzz [-- --cases N --seed TEXT --only TARGET]\n`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        cases: { type: 'string', default: DEFAULT_CASES },
        seed: { type: 'string', default: '1' },
        only: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { cases: givenCases, seed, only } = readOptions();
const cases = Number(givenCases);
if (!Number.isSafeInteger(cases) || cases < 1) refuse(`--cases ${givenCases}: expected a positive whole number`);
const targets = TARGETS.filter(({ name }) => only === undefined || name === only);
if (targets.length === 0) refuse(`there is no target ${only}; there are ${TARGETS.map(({ name }) => name).join(', ')}`);
const reports = await runCampaign({ targets, cases, seed, onReport: print });
const total = reports.reduce((sum, { tally }) => sum + tally.cases, 0);
const found = reports.reduce((sum, { tally }) => sum + tally.findings.length + tally.moreFindings, 0);
process.stdout.write(`${total} cases, seed ${seed}: ${found === 0 ? 'nothing found' : `${found} findings`}\n`);
process.exitCode = found === 0 && reports.length === targets.length ? 0 : 1;
