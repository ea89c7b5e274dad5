/** The flags of `flywatch agent install` and `uninstall`. */

import { type Command, InvalidArgumentError } from 'commander';
import { type InstallFlags, install, uninstall } from './agent-install.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);

export function defineInstall(command: Command): void {
  command
    .description('write configuration and unit of an agent, and enable it')
    .requiredOption('--hub <url>', 'address of the hub', readHub)
    .requiredOption('--token <token>', 'token that the hub has handed out; it need only write', readToken)
    .option('--app <name>', 'watch this app alone (default: the host, and every app that asks for it)', readName)
    .option('--vps-name <name>', 'what this host is called (default: its host name)', readName)
    .option('--root <dir>', 'another root than /; nothing is started there')
    .action((flags: InstallFlags) => attempt(() => install(flags, say)));
}

export function defineUninstall(command: Command): void {
  command
    .description('stop an agent, and take away what install has written')
    .option('--app <name>', 'the app that it watches', readName)
    .option('--root <dir>', 'another root than /')
    .action((flags: InstallFlags) =>
      attempt(() => {
        uninstall(flags, say);
        return true;
      }),
    );
}

/** A file that cannot be written is no fault of ours: one line, and status 1. The same status where something is left to do. */
function attempt(work: () => boolean): void {
  try {
    if (!work()) process.exitCode = 1;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    process.stderr.write(`${message}${code === 'EACCES' ? '; run it as root' : ''}\n`);
    process.exitCode = 1;
  }
}

function readHub(text: string): string {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw new InvalidArgumentError('expected an address such as https://flywatch.example.com');
  }
  return text;
}

function readToken(text: string): string {
  if (!/^[\x21-\x7e]+$/.test(text)) throw new InvalidArgumentError('expected printable ASCII without blanks');
  return text;
}

/** An app becomes a folder and the name of a unit, which systemd would have to escape otherwise. */
function readName(text: string): string {
  if (!/^\w[\w.-]{0,99}$/.test(text))
    throw new InvalidArgumentError('expected letters, digits, dots, dashes and underscores');
  return text;
}
