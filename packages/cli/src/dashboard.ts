/**
 * Where the dashboard's files are, and how they come there in a checkout that was never built. The published package has them, in
 * the same place from here.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../web/dist/', import.meta.url));
const BUILD = fileURLToPath(new URL('../../../scripts/build-web.ts', import.meta.url));

/**
 * The folder of the built files, for the hub to serve. `npm start` has seen to them; for `npx flywatch serve` in a fresh checkout
 * they are built here, by a process of its own: the hub does not keep a bundler's memory for the rest of its life. Where that is
 * not possible the hub starts all the same, and its page says what to do.
 */
export function dashboardFolder(): string {
  if (!existsSync(FOLDER) && existsSync(BUILD) && hasBundler()) {
    spawnSync(process.execPath, [BUILD], { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return FOLDER;
}

function hasBundler(): boolean {
  try {
    createRequire(BUILD).resolve('vite');
    return true;
  } catch {
    // Installed without development tools.
    return false;
  }
}
