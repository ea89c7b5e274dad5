/** `flywatch completion SHELL`: the script by which a shell completes commands and options. */

import { Argument, type Command } from 'commander';
import type { Tools } from '../main.ts';
import { completionScript, SHELLS, type Shell } from '../manual/completion.ts';
import { pagesOf } from '../manual/pages.ts';
import { write } from '../program/output.ts';
import { run } from '../program/run.ts';

export function define(command: Command, { loadAll }: Tools): void {
  command
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(flywatch completion bash)            in ~/.bashrc
  $ source <(flywatch completion zsh)             in ~/.zshrc, behind compinit
  $ flywatch completion fish > ~/.config/fish/completions/flywatch.fish`,
    )
    .action((shell: Shell) =>
      run(async () => {
        await write(completionScript(shell, pagesOf(await loadAll())));
      }),
    );
}
