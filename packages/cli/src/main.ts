/** The command line: one file per command, loaded when it is called. To add one: a file in `commands/`, a row here. */

import { Command, CommanderError } from 'commander';

interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ define: (command: Command) => void }>;
}

const COMMANDS: readonly CommandRow[] = [
  { name: 'serve', summary: 'run the hub', load: () => import('./commands/serve.ts') },
  { name: 'agent', summary: 'watch this host', load: () => import('./commands/agent.ts') },
  {
    name: 'check-config',
    summary: 'check the configuration without starting',
    load: () => import('./commands/check-config.ts'),
  },
];

/** Exit status of wrong usage. */
const USAGE = 2;

/** Runs one command line and sets the exit status of the process. */
export async function main(name: string, args: readonly string[]): Promise<void> {
  const program = new Command(name)
    .description('One place for every log line and every host figure of a small fleet.')
    .exitOverride()
    // Flags belong to the command that they follow: `agent check-config --config F` is not `agent --config F`.
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows how it is used)');
  const wanted = args.find((arg) => !arg.startsWith('-'));
  for (const { name: command, summary, load } of COMMANDS) {
    const definition = program.command(command).description(summary).exitOverride();
    if (command === wanted) (await load()).define(definition);
  }
  // The threads of the store too: the launcher fills the cache of compiled code by asking for the version.
  const [{ VERSION }] =
    args.includes('--version') || args.includes('-V')
      ? await Promise.all([import('@flywatch/hub'), import('@flywatch/hub/threads')])
      : [{ VERSION: '' }];
  program.version(VERSION);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : USAGE;
  }
}
