/** Standard output: lines of JSON for whoever collects them, or lines for people where it is a terminal. */

import { closeSync, constants, openSync } from 'node:fs';
import type { LogRecord } from '../log-record.ts';
import type { Destination } from './destination.ts';
import { lineDestination } from './line-destination.ts';
import { isPipe, type WriteTarget } from './line-writer.ts';
import { createPretty } from './pretty.ts';
import type { Problems } from './problems.ts';

/** `auto`: pretty on a terminal, JSON elsewhere. */
export type StdoutFormat = 'auto' | 'json' | 'pretty';

const STDOUT = 1;
const NAME = 'standard output';

export function standardOutput(format: StdoutFormat, problems: Problems): Destination {
  const isTerminal = process.stdout.isTTY === true;
  const isPretty = format === 'pretty' || (format === 'auto' && isTerminal);
  const render = isPretty
    ? createPretty({ color: isTerminal && process.stdout.hasColors() })
    : (record: LogRecord) => record.line;
  return lineDestination(
    {
      place: NAME,
      open: createTarget,
      render,
      // On a terminal each line at once: whoever debugs prints with console.log in between.
      isUrgent: isTerminal,
    },
    problems,
  );
}

/**
 * A pipe is opened once more, in a way in which it never blocks: the flag on the descriptor itself would hold for
 * whoever shares it, and without it a reader that stands still would stop the app. Where that cannot be done (sockets,
 * other systems) it is the descriptor as it is.
 */
function createTarget(): WriteTarget {
  let own: number | undefined;
  if (isPipe(STDOUT)) {
    try {
      own = openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      // Not a Linux, or no /proc.
    }
  }
  const fd = own ?? STDOUT;
  return {
    name: NAME,
    open: () => fd,
    close: () => {
      if (own !== undefined) closeSync(own);
    },
  };
}
