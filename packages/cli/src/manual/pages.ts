/** The commands as data, from their definitions: what completion, the man page and docs/cli.md are made of. */

import type { EventEmitter } from 'node:events';
import type { Command, Option } from 'commander';

export interface OptionPage {
  readonly short: string | undefined;
  readonly long: string | undefined;
  /** Name of its value in the help, `level` of `--level <level>`; undefined where it takes none. */
  readonly value: string | undefined;
  readonly flags: string;
  readonly description: string;
}

export interface CommandPage {
  /** Words after the program's name: `['agent', 'status']`. */
  readonly path: readonly string[];
  readonly summary: string;
  /** Arguments and options as the usage line has them. */
  readonly usage: string;
  readonly args: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionPage[];
  /** Names of the commands below it. */
  readonly children: readonly string[];
  /** What its help says behind the options: examples, statuses. */
  readonly after: string;
}

/** The program first, then each command in the order of the help, those below it after it. */
export function pagesOf(program: Command): CommandPage[] {
  return [pageOf(program, []), ...program.commands.flatMap((command) => pagesBelow(command, []))];
}

function pagesBelow(command: Command, above: readonly string[]): CommandPage[] {
  const path = [...above, command.name()];
  return [pageOf(command, path), ...command.commands.flatMap((child) => pagesBelow(child, path))];
}

function pageOf(command: Command, path: readonly string[]): CommandPage {
  const helper = command.createHelp();
  return {
    path,
    summary: command.description(),
    usage: command.usage(),
    args: helper.visibleArguments(command).map((argument) => ({
      name: argument.name(),
      description: argument.description,
    })),
    options: helper.visibleOptions(command).map(optionPage),
    children: command.commands.map((child) => child.name()),
    after: afterHelp(command).trim(),
  };
}

function optionPage(option: Option): OptionPage {
  const value = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1];
  const fallback = option.defaultValue;
  const shown =
    fallback === undefined || typeof fallback === 'boolean' ? '' : ` (default: ${JSON.stringify(fallback)})`;
  return {
    short: option.short ?? undefined,
    long: option.long ?? undefined,
    value,
    flags: option.flags,
    description: `${option.description}${shown}`,
  };
}

/** What was given to `addHelpText`: commander has it as listeners of an event, which its types do not show. */
function afterHelp(command: Command): string {
  let text = '';
  (command as unknown as EventEmitter).emit('afterHelp', {
    error: false,
    command,
    write: (piece: string) => {
      text += piece;
    },
  });
  return text;
}
