/**
 * Addresses of names, as programs on this host see them (`/etc/hosts` and all), asked for anew at each run.
 *
 * The system's resolver blocks a thread of the pool, for half a minute where no server answers. The pool has four, and the log tail
 * needs it too: so two at a time, and who asks for a name that is being looked up shares the answer.
 */

import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { failureOf } from './check-failure.ts';
import { Slots } from './slots.ts';

const MAX_AT_ONCE = 2;

export class NameLookup {
  readonly #slots = new Slots(MAX_AT_ONCE);
  readonly #running = new Map<string, Promise<readonly string[]>>();

  /** Addresses in the system's order. @throws {CheckFailure} */
  addressesOf(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
    if (isIP(host) !== 0) return Promise.resolve([host]);
    const key = `${host}/${family}`;
    let answer = this.#running.get(key);
    if (answer === undefined) {
      answer = this.#slots.run(() => resolveName(host, family)).finally(() => this.#running.delete(key));
      this.#running.set(key, answer);
    }
    return answer;
  }
}

function resolveName(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(host, { all: true, family }, (error, found) => {
      if (error === null) resolve(found.map(({ address }) => address));
      else reject(failureOf(error, 'dns'));
    });
  });
}
