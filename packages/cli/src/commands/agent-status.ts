/** `flywatch agent status`: how the agent that runs here is. */

import { type AgentStatus, askStatus, possibleStateFolders } from '@flywatch/agent';
import type { Command } from 'commander';
import { type AgentFlags, defineAgentOptions, readConfig, sayNotEnabled } from './agent-options.ts';

interface StatusFlags extends AgentFlags {
  readonly json?: boolean;
}

export function defineStatus(command: Command): void {
  defineAgentOptions(command)
    .description('what the agent here uses, sends and waits for')
    .option('--json', 'the same as JSON')
    .addHelpText('after', '\nStatus: 0 it runs, 1 it does not.')
    .action(async (flags: StatusFlags) => {
      const loaded = readConfig(flags);
      if (loaded === undefined) return;
      if (loaded.config === undefined) {
        sayNotEnabled(flags);
        return;
      }
      const folders = possibleStateFolders(loaded.config, process.env);
      for (const folder of folders) {
        const status = (await askStatus(folder)) as AgentStatus | undefined;
        if (status === undefined) continue;
        process.stdout.write(flags.json === true ? `${JSON.stringify(status, null, 2)}\n` : describe(status));
        return;
      }
      process.stderr.write(
        `no agent answers in ${[...new Set(folders)].join(' or ')}; is it running, and may this user ask it?\n`,
      );
      process.exitCode = 1;
    });
}

function describe({
  vpsName,
  appName,
  own,
  output,
  logs,
  journals,
  metrics,
  checks,
  checkStates,
}: AgentStatus): string {
  const lost =
    logs.linesLost +
    journals.reduce((sum, { entriesLost }) => sum + entriesLost, 0) +
    metrics.lost +
    checks.lost +
    output.linesRefused;
  const cpuPercent = (100 * own.cpuSeconds) / own.uptimeSeconds;
  const ago = (ms: number | undefined) =>
    ms === undefined ? 'never' : `${((Date.now() - ms) / 1000).toFixed(0)} s ago`;
  const lines = [
    `${vpsName} ${appName}: pid ${own.pid}, up ${own.uptimeSeconds.toFixed(0)} s`,
    `memory: ${megabytes(own.rssBytes)} resident, ${megabytes(own.pssBytes)} proportional, ${megabytes(own.privateBytes)} private`,
    `CPU: ${cpuPercent.toFixed(2)} % of a core, ${own.cpuSeconds.toFixed(1)} s since the start`,
    `${output.kind === 'hub' ? 'hub' : 'database'}: ${output.state}${output.detail === undefined ? '' : ` (${output.detail})`}, last answer ${ago(output.lastAnswerMs)}, ${output.bytesSent} bytes sent, ${output.retries} retries`,
    `figures: ${metrics.sent} sent, ${metrics.waiting} waiting; checks: ${checks.sent} sent, ${checks.waiting} waiting`,
    `logs: ${logs.state}, ${logs.linesSent} lines sent, last acknowledged ${ago(logs.lastAckMs)}`,
    ...logs.files.map(
      ({ path, lagBytes, state }) => `  ${path}: ${lagBytes} bytes behind${state === 'live' ? '' : ` (${state})`}`,
    ),
    ...journals.map(
      ({ state, detail, entriesSent }) =>
        `journal: ${state}${detail === undefined ? '' : ` (${detail})`}, ${entriesSent} entries sent`,
    ),
    ...checkStates.map(({ app, url, state }) => `check ${app} ${url}: ${state}`),
    `lost: ${lost}${logs.bytesLost === 0 ? '' : `, and ${logs.bytesLost} bytes of log files that were gone before they were read`}`,
  ];
  return `${lines.join('\n')}\n`;
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '?' : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}
