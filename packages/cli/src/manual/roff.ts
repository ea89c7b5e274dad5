/** The commands as a man page, in the macros of man(7). */

import type { CommandPage } from './pages.ts';

export interface ManualFacts {
  readonly version: string;
  /** Day of the page, `2026-11-20`. */
  readonly date: string;
}

const FILES: readonly (readonly [name: string, text: string])[] = [
  ['~/.config/flywatch/login.json', 'The saved login; $XDG_CONFIG_HOME in place of ~/.config where it is set.'],
];

const ENVIRONMENT: readonly (readonly [name: string, text: string])[] = [
  ['FLYWATCH_URL', 'Address of the hub, where --url is not given.'],
  ['FLYWATCH_TOKEN', 'Token to read with, where --token is not given.'],
  ['NO_COLOR', 'Not empty: no colours.'],
  ['FORCE_COLOR', 'Colours in a pipe too; 0: none.'],
  ['XDG_CONFIG_HOME', 'Where the saved login is kept.'],
];

const STATUSES: readonly (readonly [name: string, text: string])[] = [
  ['0', 'Good; also where nobody reads the output any more.'],
  ['1', 'It could not be done; a message says why.'],
  ['2', 'Wrong usage.'],
  ['130', 'Ended by Ctrl-C.'],
];

export function roffOf(pages: readonly CommandPage[], { version, date }: ManualFacts): string {
  const [program, ...commands] = pages;
  return `${[
    `.TH FLYWATCH 1 "${date}" "flywatch ${version}" "User Commands"`,
    '.SH NAME',
    'flywatch, vg \\- logs and figures of a small fleet',
    '.SH SYNOPSIS',
    '.B flywatch\n.I command\n[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    text(program!.summary),
    '.PP',
    text(
      'vg is a shorter name for the same program. Lines go to standard output, and everything about the connection to standard error.',
    ),
    '.SH COMMANDS',
    ...commands.map(commandText),
    '.SH ENVIRONMENT',
    ...definitions(ENVIRONMENT),
    '.SH FILES',
    ...definitions(FILES),
    '.SH EXIT STATUS',
    ...definitions(STATUSES),
  ].join('\n')}\n`;
}

function commandText({ path, summary, usage, args, options, after }: CommandPage): string {
  return [
    `.SS ${text(`flywatch ${path.join(' ')} ${usage}`)}`,
    text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...definitions([
      ...args.map(({ name, description }) => [name, description] as const),
      ...options.map(({ flags, description }) => [flags, description] as const),
    ]),
    ...(after === '' ? [] : ['.PP', '.nf', ...after.split('\n').map(text), '.fi']),
  ].join('\n');
}

function definitions(rows: readonly (readonly [name: string, text: string])[]): string[] {
  return rows.flatMap(([name, description]) => ['.TP', `.B ${text(name)}`, text(description)]);
}

/** Text in which nothing is a macro or an escape; hyphens are those that can be typed. */
function text(given: string): string {
  return given
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}
