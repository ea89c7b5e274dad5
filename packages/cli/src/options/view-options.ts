/** The options that say how lines are shown, and the writer that is made of them. */

import type { Command } from 'commander';
import { usage } from '../program/cli-error.ts';
import { Clock } from '../view/clock.ts';
import { createPaint, type Paint, wantsColours } from '../view/colours.ts';
import { createFormat, FORMAT_NAMES } from '../view/formats.ts';
import { createPretty, type EventWriter } from '../view/pretty.ts';

export interface ViewFlags {
  readonly json?: boolean;
  readonly format?: string;
  readonly color: boolean;
  readonly utc?: boolean;
}

export function addViewOptions(command: Command): Command {
  return addColourOption(
    command
      .option('--json', 'flat records, one JSON object a line; the same as --format json')
      .option(
        '--format <format>',
        `${FORMAT_NAMES.join(', ')}, or a template such as '{time} {level} {user.id} {message}'`,
      )
      .option('--utc', 'times in UTC (default: the zone of this machine; UTC where the output is no terminal)'),
  );
}

export function addColourOption(command: Command): Command {
  return command.option('--no-color', 'no colours (NO_COLOR does the same, FORCE_COLOR wants them in a pipe)');
}

/** Columns of a terminal that does not say. */
const USUAL_COLUMNS = 80;

/** Columns of the terminal that standard output is, now. */
export function terminalColumns(): number {
  return process.stdout.columns || USUAL_COLUMNS;
}

/** @throws {CliError} for a format that there is not. */
export function createWriter(flags: ViewFlags): EventWriter {
  const format = formatOf(flags);
  const isTerminal = process.stdout.isTTY === true;
  const colours = hasColours(flags);
  if (format === 'pretty') {
    return createPretty({
      columns: isTerminal ? terminalColumns : undefined,
      clock: isTerminal ? new Clock({ utc: flags.utc === true, now: Date.now }) : undefined,
      colours,
      paint: createPaint(colours),
    });
  }
  const writer = createFormat(format, { isTerminal, colours });
  if (writer === undefined) {
    throw usage(
      `--format: expected ${FORMAT_NAMES.join(', ')} or a template with {names}, not ${JSON.stringify(format)}`,
    );
  }
  return writer;
}

/** The format that the flags mean. */
function formatOf({ json, format }: ViewFlags): string {
  if (json === true && format !== undefined && format !== 'json') throw usage('--json and --format: give one of them');
  return json === true ? 'json' : (format ?? 'pretty');
}

function hasColours({ color }: Pick<ViewFlags, 'color'>): boolean {
  return wantsColours({ refused: !color, isTerminal: process.stdout.isTTY === true, env: process.env });
}

export function paintOf(flags: Pick<ViewFlags, 'color'>): Paint {
  return createPaint(hasColours(flags));
}
