/** Names as programs on this host see them, on Node. */

import { lookup as resolve } from 'node:dns/promises';

/** Addresses in the system's order; `family` 0 is any. */
export async function lookup(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  const found = await resolve(host, { all: true, family });
  return found.map(({ address }) => address);
}
