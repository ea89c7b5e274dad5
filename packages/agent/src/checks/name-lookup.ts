/**
 * Addresses of names, as programs on this host see them (`/etc/hosts` and all), asked for anew at each run.
 *
 * The system's resolver blocks a thread of the pool, for half a minute where no server answers. The pool has four, and the log tail
 * needs it too: so two at a time, and who asks for a name that is being looked up shares the answer.
 */

import { lookup } from '#runtime/lookup';
import { failureOf } from './check-failure.ts';
import { Slots } from './slots.ts';

const MAX_AT_ONCE = 2;

export class NameLookup {
  readonly #slots = new Slots(MAX_AT_ONCE);
  readonly #running = new Map<string, Promise<readonly string[]>>();

  /** Addresses in the system's order. @throws {CheckFailure} */
  addressesOf(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
    if (isAddress(host)) return Promise.resolve([host]);
    const key = `${host}/${family}`;
    let answer = this.#running.get(key);
    if (answer === undefined) {
      answer = this.#slots.run(() => resolveName(host, family)).finally(() => this.#running.delete(key));
      this.#running.set(key, answer);
    }
    return answer;
  }
}

async function resolveName(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  try {
    return await lookup(host, family);
  } catch (error) {
    throw failureOf(error, 'dns');
  }
}

/** Not `isIP` of `node:net`, which takes 5 MB on Bun. What looks like an address and is none fails when it is connected to. */
function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}
