/** Names as programs on this host see them, on Bun: `node:dns` would cost 5 MB. */

import { bun } from './bun.ts';

/** Addresses in the system's order; `family` 0 is any. */
export async function lookup(host: string, family: 0 | 4 | 6): Promise<readonly string[]> {
  try {
    // Not its own resolver, which does not see all that the system's sees.
    const found = await bun.dns.lookup(host, { family, backend: 'system' });
    return found.map(({ address }) => address);
  } catch (error) {
    throw new Error(`${(error as Error).message} ${host}`);
  }
}
