/**
 * Answers how the agent is, over a socket in its state folder: who asks gets one JSON text. A file would have to be written
 * every few seconds, and would go on saying that all is well after the agent has died. The socket also keeps a second agent
 * away from the same folder.
 */

import { unlinkSync } from 'node:fs';
import { isServed, serveText } from '#runtime/text-socket';
import { socketPath } from './ask-status.ts';

export class StatusSocket {
  readonly #path: string;
  readonly #status: () => object;
  #end: (() => void) | undefined;

  constructor(folder: string, status: () => object) {
    this.#path = socketPath(folder);
    this.#status = status;
  }

  /** @throws {Error} where another agent has the folder */
  async start(): Promise<void> {
    if (await isServed(this.#path)) {
      throw new Error(
        `another agent with the same app and host name runs (${this.#path}); use another --app-name or --vps-name`,
      );
    }
    // Left behind by a crash.
    removeIfThere(this.#path);
    this.#end = await serveText(this.#path, () => JSON.stringify(this.#status()));
  }

  stop(): void {
    this.#end?.();
    this.#end = undefined;
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
