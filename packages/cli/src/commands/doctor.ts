/** `flywatch doctor`: looks at what a hub needs and at the hub that is read from, and says what to do. */

import { createHubClient, type MetricsReport } from '@flywatch/client';
import { type Config, ConfigError, loadConfig } from '@flywatch/hub';
import type { Command } from 'commander';
import { bad, type Finding, good, skipped, warning } from '../doctor/finding.ts';
import { judgeSlug, judgeToken } from '../doctor/fly-credentials.ts';
import { checkClock, checkNode, checkPort, checkStore } from '../doctor/machine.ts';
import { checkBus } from '../doctor/nats.ts';
import { explain } from '../hub/explain.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addColourOption, paintOf } from '../options/view-options.ts';
import { STATUS } from '../program/cli-error.ts';
import { write } from '../program/output.ts';
import { run } from '../program/run.ts';
import type { Paint } from '../view/colours.ts';
import { safeLabel } from '../view/terminal-text.ts';

interface DoctorFlags extends HubFlags {
  readonly json?: boolean;
  readonly color: boolean;
  readonly config?: string;
}

const TIMEOUT_MS = 2_500;

export function define(command: Command): void {
  addHubOptions(command)
    .option('-c, --config <file>', "the hub's YAML file of options (FLYWATCH_CONFIG)")
    .option('--json', 'one JSON object a line');
  addColourOption(command)
    .addHelpText(
      'after',
      `
To be run where the hub runs, with the hub's environment. Secrets are never shown.

Examples:
  $ flywatch doctor
  $ fly ssh console -C "flywatch doctor"

Status: 0 nothing is wrong (there may be warnings), 1 something is, 2 wrong usage.`,
    )
    .action((flags: DoctorFlags) => run(() => examine(flags)));
}

async function examine(flags: DoctorFlags): Promise<void> {
  const findings = await findAll(flags);
  const paint = paintOf(flags);
  const lines = findings.map((finding) => (flags.json === true ? JSON.stringify(finding) : describe(finding, paint)));
  await write(`${lines.join('\n')}\n`);
  if (findings.some(({ state }) => state === 'bad')) process.exitCode = STATUS.failed;
}

async function findAll(flags: DoctorFlags): Promise<Finding[]> {
  const config = readConfig(flags);
  const hub = await checkHub(flags);
  const findings = [checkNode(process.version), checkClock(hub.clockMs, Date.now()), ...config.findings, hub.finding];
  if (config.values === undefined) return findings;
  const { FLY_ORG, ACCESS_TOKEN, NATS_URL, PERSISTENCE_ENABLED, STORE_PATH, HOST, PORT } = config.values;
  const isFly = FLY_ORG !== undefined && ACCESS_TOKEN !== undefined;
  findings.push(judgeSlug(FLY_ORG), judgeToken(ACCESS_TOKEN));
  if (!isFly) findings.push(skipped('bus', 'it is asked where FLY_ORG and ACCESS_TOKEN are set'));
  else
    for (const address of NATS_URL) findings.push(await checkBus(address, { user: FLY_ORG, password: ACCESS_TOKEN }));
  findings.push(...checkStore(PERSISTENCE_ENABLED ? STORE_PATH : undefined), await checkPort(HOST, PORT));
  return findings;
}

function readConfig({ config }: DoctorFlags): { values: Config | undefined; findings: Finding[] } {
  const env = config === undefined ? process.env : { ...process.env, FLYWATCH_CONFIG: config };
  try {
    const { config: values, warnings } = loadConfig(env);
    const said = warnings.map((text) => warning('configuration', text, 'see docs/config.md'));
    return { values, findings: said.length > 0 ? said : [good('configuration', 'no mistakes')] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { values: undefined, findings: [bad('configuration', error.message, 'see docs/config.md')] };
  }
}

/** The hub that the other commands would read from. */
async function checkHub(flags: DoctorFlags): Promise<{ finding: Finding; clockMs: number | undefined }> {
  const target = targetOf(flags);
  try {
    const metrics: MetricsReport = await createHubClient({ ...target, timeoutMs: TIMEOUT_MS }).metrics();
    return { finding: good('hub', `${target.url} answers, and lets us read`), clockMs: Date.parse(metrics.timestamp) };
  } catch (error) {
    const { message } = explain(error, target);
    // Who has named no hub may be about to start one.
    const finding =
      target.urlFrom === 'the default'
        ? skipped('hub', `${target.url} does not answer`)
        : { state: 'bad' as const, subject: 'hub', text: message };
    return { finding, clockMs: undefined };
  }
}

const MARKS = { good: ['green', '✓'], warning: ['yellow', '!'], bad: ['red', '✗'], skipped: ['dim', '–'] } as const;

function describe({ state, subject, text, remedy }: Finding, paint: Paint): string {
  const [style, mark] = MARKS[state];
  const [first, ...others] = text.split('\n').map(safeLabel);
  const lines = [
    `${paint(style, mark)} ${subject.padEnd(14)} ${first}`,
    ...others.map((line) => `  ${' '.repeat(14)} ${line}`),
  ];
  if (remedy !== undefined) lines.push(`  ${' '.repeat(14)} ${paint('dim', '→')} ${remedy}`);
  return lines.join('\n');
}
