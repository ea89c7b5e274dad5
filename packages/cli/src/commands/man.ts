/** `flywatch man`: the manual of all commands. */

import { spawnSync } from 'node:child_process';
import type { Command } from 'commander';
import type { Tools } from '../main.ts';
import { markdownOf } from '../manual/markdown.ts';
import { pagesOf } from '../manual/pages.ts';
import { roffOf } from '../manual/roff.ts';
import { write } from '../program/output.ts';
import { run } from '../program/run.ts';

interface ManFlags {
  readonly roff?: boolean;
  readonly markdown?: boolean;
}

export function define(command: Command, { loadAll }: Tools): void {
  command
    .option('--roff', 'the source of the man page, to be installed as flywatch.1')
    .option('--markdown', 'the same as Markdown')
    .addHelpText(
      'after',
      `
Examples:
  $ flywatch man
  $ flywatch man --roff > /usr/local/share/man/man1/flywatch.1`,
    )
    .action((flags: ManFlags) => run(() => manual(flags, loadAll)));
}

async function manual(flags: ManFlags, loadAll: Tools['loadAll']): Promise<void> {
  const pages = pagesOf(await loadAll());
  if (flags.markdown === true) {
    await write(markdownOf(pages));
    return;
  }
  const { VERSION } = await import('@flywatch/hub');
  const page = roffOf(pages, { version: VERSION, date: new Date().toISOString().slice(0, 10) });
  if (flags.roff !== true && process.stdout.isTTY === true) {
    const { status } = spawnSync('man', ['-l', '-'], { input: page, stdio: ['pipe', 'inherit', 'inherit'] });
    if (status === 0) return;
  }
  await write(page);
}
