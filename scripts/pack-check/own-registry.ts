/**
 * A registry that has our packages alone, on loopback. npm asks it for the scope `@flywatch` and its usual one for all others, so
 * that `flywatch` is installed as it will be from a real one: nothing but its name is given.
 */

import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { PACKED, type PackedName, publishedName, type WorkspaceManifest } from '../pack-manifest.ts';

export interface OwnRegistry extends AsyncDisposable {
  /** What npm is to be told. */
  readonly npmArgs: readonly string[];
}

export async function startOwnRegistry(tarballs: Readonly<Record<PackedName, string>>): Promise<OwnRegistry> {
  // npm remembers answers by address, and a port may be used again.
  const base = `/${randomUUID()}`;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    const asked = PACKED.find((name) => path.startsWith(`${base}/${publishedName(name)}`));
    if (asked === undefined) response.writeHead(404).end('{}');
    else if (path.endsWith('.tgz')) response.end(readFileSync(tarballs[asked]));
    else response.end(JSON.stringify(packumentOf(asked, tarballs[asked], `http://${request.headers.host}${path}`)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    npmArgs: [`--@flywatch:registry=http://127.0.0.1:${port}${base}/`],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What a registry says of a package: all its versions, which is one here. */
function packumentOf(name: PackedName, tarball: string, address: string): object {
  const manifest = JSON.parse(readFileSync(join(dirname(tarball), name, 'package.json'), 'utf8')) as WorkspaceManifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  return {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist: { tarball: `${address}.tgz`, integrity } } },
  };
}
