/** Scripts of threads are named by text, which no compiler rewrites. */

import { extname } from 'node:path';

/**
 * The script of a thread that lies beside the module which starts it, with that module's ending: `.ts` in a checkout, `.js` in the
 * published package.
 *
 * @param beside - `import.meta.url` of the module
 */
export function threadScript(name: string, beside: string): URL {
  return new URL(`./${name}${extname(new URL(beside).pathname)}`, beside);
}
