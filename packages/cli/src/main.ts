/** The command line: one file per command, loaded when it is called. To add one: a file in `commands/`, a row here. */

import { Command, CommanderError, Help } from 'commander';
import { endWithReader } from './program/output.ts';

/** What a command that describes all the others is handed. */
export interface Tools {
  /** Defines every command, and gives the program. */
  loadAll: () => Promise<Command>;
}

interface CommandRow {
  readonly name: string;
  readonly summary: string;
  /** Heading under which the help lists it. */
  readonly group: string;
  readonly load: () => Promise<{ define: (command: Command, tools: Tools) => void }>;
}

const READ = 'Read:';
const LOGIN = 'The hub to read from:';
const RUN = 'Run:';
const ABOUT = 'About this program:';

const COMMANDS: readonly CommandRow[] = [
  { name: 'logs', summary: 'follow the lines of a hub', group: READ, load: () => import('./commands/logs.ts') },
  {
    name: 'search',
    summary: 'find lines that a hub has kept',
    group: READ,
    load: () => import('./commands/search.ts'),
  },
  {
    name: 'patterns',
    summary: 'what lines are made of, and what is new; of a hub or of files',
    group: READ,
    load: () => import('./commands/patterns.ts'),
  },
  { name: 'tail', summary: 'read log files, without a hub', group: READ, load: () => import('./commands/tail.ts') },
  { name: 'ask', summary: 'ask the assistant of a hub', group: READ, load: () => import('./commands/ask.ts') },
  { name: 'hosts', summary: 'show the fleet, trouble first', group: READ, load: () => import('./commands/hosts.ts') },
  { name: 'top', summary: 'watch the fleet', group: READ, load: () => import('./commands/top.ts') },
  {
    name: 'login',
    summary: 'save address and token of a hub',
    group: LOGIN,
    load: () => import('./commands/login.ts'),
  },
  { name: 'logout', summary: 'forget them', group: LOGIN, load: () => import('./commands/logout.ts') },
  { name: 'serve', summary: 'run the hub', group: RUN, load: () => import('./commands/serve.ts') },
  { name: 'demo', summary: 'run a hub with demo traffic', group: RUN, load: () => import('./commands/demo.ts') },
  { name: 'agent', summary: 'watch this host', group: RUN, load: () => import('./commands/agent.ts') },
  {
    name: 'mcp',
    summary: 'give an assistant the tools of a hub',
    group: RUN,
    load: () => import('./commands/mcp.ts'),
  },
  {
    name: 'check-config',
    summary: 'check the configuration without starting',
    group: RUN,
    load: () => import('./commands/check-config.ts'),
  },
  {
    name: 'doctor',
    summary: 'check what a hub needs, and say what to do',
    group: RUN,
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    summary: 'print the completion of a shell',
    group: ABOUT,
    load: () => import('./commands/completion.ts'),
  },
  { name: 'man', summary: 'show the manual', group: ABOUT, load: () => import('./commands/man.ts') },
];

/** Exit status of wrong usage. */
const USAGE = 2;

/**
 * Runs one command line and sets the exit status of the process.
 *
 * @param standsFor - arguments, the first of `args`, that are in the name already: `agent` in `obs-agent`
 */
export async function main(name: string, args: readonly string[], standsFor: readonly string[]): Promise<void> {
  endWithReader();
  const called = [name, ...standsFor].join(' ');
  const program = new Command(name)
    .description('One place for every log line and every host figure of a small fleet.')
    .exitOverride()
    // Flags belong to the command that they follow: `agent check-config --config F` is not `agent --config F`.
    .enablePositionalOptions()
    .configureHelp({ commandUsage: (command) => new Help().commandUsage(command).replace(called, name) })
    .showHelpAfterError('(--help shows how it is used)');
  const isDefined = new Set<string>();
  const define = async ({ name: command, load }: CommandRow) => {
    const definition = program.commands.find((one) => one.name() === command);
    if (definition === undefined || isDefined.has(command)) return;
    isDefined.add(command);
    (await load()).define(definition, { loadAll });
  };
  const loadAll = async () => {
    for (const row of COMMANDS) await define(row);
    return program;
  };
  for (const { name: command, summary, group } of COMMANDS) {
    program.command(command).description(summary).helpGroup(group).exitOverride();
  }
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  const wanted = first === 'help' ? second : first;
  const row = COMMANDS.find((one) => one.name === wanted);
  if (row !== undefined) await define(row);
  // The threads of the store too: the launcher fills the cache of compiled code by asking a command for the version.
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
