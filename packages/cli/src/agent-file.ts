/**
 * The single file that is copied to a host: `flywatch agent` as a program of its own, with the same arguments. Everything is in
 * it, so that a host needs neither Node nor a package; `scripts/build-agent.ts` makes it.
 */

import { Command, CommanderError } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { define } from './commands/agent.ts';
import { endWithReader } from './program/output.ts';

/** Exit status of wrong usage. */
const USAGE = 2;

/**
 * Tells the engine to interpret and not to compile. Compiled code pays for itself where much is computed; an agent waits and moves
 * bytes, and what the compiler takes is a quarter of its memory. The engine looks at the environment before anything else can be
 * said, so that the process begins once more.
 */
const NO_COMPILER = 'BUN_JSC_useJIT';

if (process.env[NO_COMPILER] === undefined) {
  try {
    process.execve?.(process.execPath, [process.execPath, ...process.argv.slice(2)], {
      ...process.env,
      [NO_COMPILER]: '0',
    });
  } catch {
    // Forbidden by the system: it works all the same, in more memory.
  }
}

let isGuarded = false;

/** Lets a reader that goes, such as `head`, end the program in silence; to be called before standard output is used. */
function guardOutput(): void {
  if (!isGuarded) endWithReader();
  isGuarded = true;
}

/** Whether it is the agent that runs: it writes nothing to standard output, which open takes 2 MB for as long as it lives. */
function watches(command: Command): boolean {
  return (command === program || command.name() === 'run') && command.opts().dryRun !== true;
}

const program = new Command('flywatch-agent')
  .version(manifest.version)
  .description('Watches this host: figures, health checks and log files, sent to a Flywatch hub.')
  .exitOverride()
  .showHelpAfterError('(--help shows how it is used)')
  .configureOutput({
    writeOut: (text) => {
      guardOutput();
      process.stdout.write(text);
    },
  })
  .hook('preAction', (_program, command) => {
    if (!watches(command)) guardOutput();
  });
define(program);
program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE;
});
