/** `flywatch top`: the fleet in the terminal, drawn anew in place. */

import { writeSync } from 'node:fs';
import { createHubClient } from '@flywatch/client';
import type { Command } from 'commander';
import { readFleet } from '../fleet/fleet.ts';
import { EMPTY, pressKey, renderTop, type TopState } from '../fleet/top-view.ts';
import { explain } from '../hub/explain.ts';
import { addHubOptions, type HubFlags, targetOf } from '../options/hub-options.ts';
import { addColourOption, paintOf } from '../options/view-options.ts';
import { STATUS, usage } from '../program/cli-error.ts';
import { run } from '../program/run.ts';

interface TopFlags extends HubFlags {
  readonly color: boolean;
}

/** Between two readings of the fleet; agents report once a minute, machines of Fly at any moment. */
const READ_EVERY_MS = 2_000;

/** In which errors and checks are counted. */
const HOURS = 1;

/** Another screen without a cursor, and back. */
const ENTER = '\x1b[?1049h\x1b[?25l';
const LEAVE = '\x1b[?25h\x1b[?1049l';

/** Signals that end it, and the statuses that shells expect of them. */
const ENDINGS = { SIGTERM: 143, SIGHUP: 129 } as const;

export function define(command: Command): void {
  addHubOptions(command);
  addColourOption(command)
    .addHelpText(
      'after',
      `
Trouble stands first. Keys: q or Escape ends, arrows or j and k mark a host and show what is wrong with it, / filters by name, state
or app.

Example:
  $ flywatch top

Status: 0 ended by q, 1 the hub does not answer, 2 wrong usage, 130 after Ctrl-C.`,
    )
    .action((flags: TopFlags) => run(() => top(flags)));
}

async function top(flags: TopFlags): Promise<void> {
  const { stdin, stdout } = process;
  if (stdout.isTTY !== true || stdin.isTTY !== true)
    throw usage('top needs a terminal; for a pipe there is: flywatch hosts');
  const target = targetOf(flags);
  const client = createHubClient(target);
  const paint = paintOf(flags);
  const read = async () => ({ units: await readFleet(client, HOURS), trouble: undefined, readAtMs: Date.now() });
  let state: TopState;
  try {
    state = { ...EMPTY, ...(await read()) };
  } catch (error) {
    throw explain(error, target);
  }

  const draw = () => {
    const { columns, rows } = stdout;
    const lines = renderTop(state, { columns, rows, paint, hub: target.url, nowMs: Date.now() });
    // Each line wipes what was behind it: wiping the whole screen first would make it flicker.
    stdout.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join('\r\n')}\x1b[J`);
  };
  const refresh = setInterval(async () => {
    try {
      state = { ...state, ...(await read()) };
    } catch (error) {
      state = { ...state, trouble: explain(error, target).message };
    }
    draw();
  }, READ_EVERY_MS);

  // However it ends, the terminal is as it was.
  process.on('exit', () => {
    stdin.setRawMode(false);
    writeSync(1, LEAVE);
  });
  for (const [signal, status] of Object.entries(ENDINGS)) process.on(signal, () => process.exit(status));
  stdin.setRawMode(true);
  stdout.write(ENTER);
  stdout.on('resize', draw);
  draw();
  await new Promise<void>((resolve) => {
    stdin.setEncoding('utf8').on('data', (keys: string) => {
      for (const key of splitKeys(keys)) {
        const next = pressKey(state, key);
        if (next === 'quit') {
          if (key === '\x03') process.exitCode = STATUS.interrupted;
          resolve();
          return;
        }
        state = next;
      }
      draw();
    });
  });
  clearInterval(refresh);
}

/** What a terminal sends at once may be several keys. */
function splitKeys(text: string): string[] {
  return text.match(/\x1b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[\s\S]/gu) ?? [];
}
