/** The process of an agent: signals, a configuration that may change, and what is said on standard error. */

import { Agent } from './agent.ts';
import { type AgentConfig, type AgentConfigSource, loadAgentConfig } from './config/agent-config.ts';
import { stateFolder } from './state-folder.ts';

export interface RunAgentOptions {
  readonly source: AgentConfigSource;
  /** What {@link source} gave at the start. */
  readonly config: AgentConfig;
  readonly write: (line: string) => void;
}

/** Runs until SIGTERM or SIGINT; SIGHUP reads the configuration again. Resolves when all has stopped. */
export async function runAgent({ source, config, write }: RunAgentOptions): Promise<void> {
  const warn = (message: string) => write(`${new Date().toISOString()} WARN  ${message}\n`);
  const say = (message: string) => write(`${new Date().toISOString()} INFO  ${message}\n`);
  const create = (from: AgentConfig) => new Agent({ config: from, stateDir: stateFolder(from, source.env), warn });
  let agent = create(config);
  const signals = new Signals();
  await agent.start();
  say(describe(config));
  for (;;) {
    const signal = await signals.next();
    if (signal !== 'SIGHUP') {
      say(`${signal}: stopping`);
      await agent.stop();
      signals.close();
      return;
    }
    const next = reload(source, create, warn);
    if (next === undefined) continue;
    await agent.stop();
    agent = next.agent;
    await agent.start();
    say(`the configuration has been read again: ${describe(next.config)}`);
  }
}

/** Undefined where the file cannot be used: what runs goes on as it is. */
function reload(source: AgentConfigSource, create: (config: AgentConfig) => Agent, warn: (message: string) => void) {
  try {
    const { config, warnings } = loadAgentConfig(source);
    for (const warning of warnings) warn(warning);
    if (config !== undefined) return { config, agent: create(config) };
    warn('monitoring is not enabled any more; stop the agent to end it');
  } catch (error) {
    warn(`the configuration cannot be used and stays as it was:\n${(error as Error).message}`);
  }
  return undefined;
}

function describe({ vpsName, output, apps, collectionIntervalMs }: AgentConfig): string {
  const checks = apps.reduce((sum, app) => sum + app.checks.length, 0);
  const files = apps.reduce((sum, app) => sum + app.logFiles.length, 0);
  const names = apps.map(({ name }) => name).join(', ');
  return `${vpsName} watches ${names}: figures every ${collectionIntervalMs / 1000} s, ${checks} checks, ${files} log files, to ${new URL(output.url).host}`;
}

const HANDLED = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Signals one after the other, none lost while another one is being dealt with. */
class Signals {
  readonly #waiting: NodeJS.Signals[] = [];
  #wake = Promise.withResolvers<void>();
  readonly #take = (signal: NodeJS.Signals) => {
    this.#waiting.push(signal);
    this.#wake.resolve();
  };

  constructor() {
    for (const signal of HANDLED) process.on(signal, this.#take);
  }

  async next(): Promise<NodeJS.Signals> {
    for (;;) {
      const signal = this.#waiting.shift();
      if (signal !== undefined) return signal;
      await this.#wake.promise;
      this.#wake = Promise.withResolvers();
    }
  }

  close(): void {
    for (const signal of HANDLED) process.off(signal, this.#take);
  }
}
