/** `flywatch hosts`: the fleet in a table, trouble first. */

import { createHubClient } from '@flywatch/client';
import type { Command } from 'commander';
import { readFleet, type Unit } from '../fleet/fleet.ts';
import { unitColumns } from '../fleet/unit-columns.ts';
import { explain } from '../hub/explain.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addColourOption, paintOf } from '../options/view-options.ts';
import { note, write } from '../program/output.ts';
import { run } from '../program/run.ts';
import { renderTable } from '../view/table.ts';
import { safeJson, safeLabel } from '../view/terminal-text.ts';

interface HostsFlags extends HubFlags {
  readonly json?: boolean;
  readonly color: boolean;
}

/** In which errors and checks are counted. */
const HOURS = 1;

export function define(command: Command): void {
  addHubOptions(command).option('--json', 'one JSON object a line');
  addColourOption(command)
    .addHelpText(
      'after',
      `
Errors and checks are those of the last hour.

Examples:
  $ flywatch hosts
  $ flywatch hosts --json | jq -r 'select(.state != "fine") | .name'

Status: 0 good, 1 the hub does not answer, 2 wrong usage.`,
    )
    .action((flags: HostsFlags) => run(() => hosts(flags)));
}

async function hosts(flags: HostsFlags): Promise<void> {
  const target = targetOf(flags);
  let units: Unit[];
  try {
    units = await readFleet(createHubClient(target), HOURS);
  } catch (error) {
    throw explain(error, target);
  }
  if (flags.json === true) {
    await write(units.map((unit) => `${safeJson(unit)}\n`).join(''));
    return;
  }
  const paint = paintOf(flags);
  const [title, ...rows] = renderTable(unitColumns(paint, Date.now), units, (text) => paint('dim', text));
  const lines = rows.flatMap((row, i) => [
    row,
    ...units[i]!.reasons.map((reason) => `    ${paint('dim', safeLabel(reason))}`),
  ]);
  if (units.length > 0) await write(`${[title, ...lines].join('\n')}\n`);
  else note('No host reports to this hub yet. On a server: flywatch agent install --hub URL --token TOKEN');
}
