/** `flywatch serve`: configuration, signals, and the end of the process. */

import { type Config, loadConfig } from './config.ts';
import { ConfigError } from './errors.ts';
import { type Hub, startHub } from './hub.ts';
import { createLog, type Log } from './log.ts';
import { shrinkHeap } from './shrink-heap.ts';
import { waitAtMost } from './wait-at-most.ts';

/** Exit status for a configuration or a command line that cannot be used. */
const USAGE = 2;

/** What a stop may take beyond its own limit before the process ends all the same. */
const LAST_RESORT_MS = 500;

export interface ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => void;
  /** Folder of the dashboard's built files. */
  readonly pageFolder?: string | undefined;
  /** Folder of the agent as one file. */
  readonly agentFolder?: string | undefined;
}

/** Runs a hub until a signal ends it; resolves with the exit status. */
export async function serve({ env, write, pageFolder, agentFolder }: ServeOptions): Promise<number> {
  let config: Config;
  let log: Log;
  try {
    const loaded = loadConfig(env);
    config = loaded.config;
    log = createLog(config.LOG_LEVEL, write);
    for (const warning of loaded.warnings) log.warn(warning);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    write(`${error.message}\n`);
    return USAGE;
  }
  let hub: Hub;
  try {
    hub = await startHub({ config, log, pageFolder, agentFolder });
  } catch (error) {
    log.error(`the hub cannot start: ${startProblem(error, config)}`);
    return 1;
  }
  shrinkHeap();
  const signal = await firstSignal();
  log.info(`${signal}: stopping`);
  const stopping = hub.stop().then(() => 'stopped');
  const outcome = await waitAtMost(stopping, config.SHUTDOWN_TIMEOUT_MS + LAST_RESORT_MS);
  if (outcome === undefined) log.warn('not everything ended in time');
  else log.info(outcome);
  return 0;
}

/** Both signals mean a graceful stop: Fly sends SIGINT by default, everybody else SIGTERM. A second one ends at once. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let received = false;
    const handle = (signal: NodeJS.Signals) => {
      if (received) process.exit(130);
      received = true;
      resolve(signal);
    };
    process.on('SIGINT', handle);
    process.on('SIGTERM', handle);
  });
}

function startProblem(error: unknown, config: Config): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `port ${config.PORT} is in use; set PORT to a free one, or 0`;
  if (code === 'EACCES') return `port ${config.PORT} needs rights that this user does not have; set PORT above 1023`;
  return message;
}
