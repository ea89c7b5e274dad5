/** Lines of whatever answers at an address: a hub, or an app with its own gateway. */

import { HubError, type TailItem } from '@flywatch/client';
import type { Selection } from '@flywatch/core';
import { explain } from '../hub/explain.ts';
import type { Target } from '../hub/target.ts';
import { type LineOptions, readHub } from './hub-lines.ts';
import type { LogWishes } from './wishes.ts';

/** A hub is asked first. What says that it is none, in whatever words, may be an app. @throws {CliError} */
export async function* readLogs(
  target: Target,
  wishes: LogWishes,
  selection: Selection,
  options: LineOptions = {},
): AsyncGenerator<readonly TailItem[], void, undefined> {
  let notAHub: HubError;
  try {
    yield* readHub(target, wishes, options);
    return;
  } catch (error) {
    if (options.signal?.aborted === true) return;
    if (!(error instanceof HubError && isForeign(error))) throw explain(error, target);
    notAHub = error;
  }
  const [{ readGateway }, { linearRegexes }] = await Promise.all([
    import('./gateway-lines.ts'),
    import('@flywatch/hub/linear-regex'),
  ]);
  try {
    yield* readGateway(target, wishes, { selection, regex: linearRegexes(), signal: options.signal });
  } catch (error) {
    // What is no gateway either is described by what it said first.
    throw explain(error instanceof HubError && !isForeign(error) ? error : notAHub, target);
  }
}

/** Whether an answer is not in a hub's words, nor in those of a gateway. */
function isForeign({ status, code }: HubError): boolean {
  return code === 'unexpected_answer' || code.startsWith('http_') || status === 404 || status === 405;
}
