/**
 * The single file that is copied to a host: `flywatch agent` as a program of its own, with the same arguments. Everything is in
 * it, so that a host needs neither Node nor a package; `scripts/build-agent.ts` makes it.
 */

import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { define } from './commands/agent.ts';

/** Exit status of wrong usage. */
const USAGE = 2;

const program = new Command('flywatch-agent')
  .version(manifest.version)
  .description('Watches this host: figures, health checks and log files, sent to a Flywatch hub.')
  .exitOverride()
  .showHelpAfterError('(--help shows how it is used)');
define(program);
program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
});
