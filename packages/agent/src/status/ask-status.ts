/** Asks an agent how it is. */

import { join } from 'node:path';
import { askText } from '#runtime/text-socket';

/** A status has some KB; a socket that says more is not ours. */
const MAX_BYTES = 8 * 1024 * 1024;
const TIMEOUT_MS = 3000;

/** Where an agent with this state folder answers. */
export function socketPath(folder: string): string {
  return join(folder, 'agent.sock');
}

/** The status of the agent that has this folder; undefined where none answers. */
export async function askStatus(folder: string): Promise<unknown> {
  try {
    return JSON.parse(
      await askText(socketPath(folder), { maxBytes: MAX_BYTES, signal: AbortSignal.timeout(TIMEOUT_MS) }),
    );
  } catch {
    // No socket, nobody behind it, not for us, or no JSON: no agent.
    return undefined;
  }
}
