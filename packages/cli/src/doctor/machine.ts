/** What the machine has to offer: Node, a clock, a place for the store with room in it, a free port. */

import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { bad, type Finding, good, skipped, warning } from './finding.ts';

/** The oldest Node that runs a hub; the launcher finds one in node_modules where this one is older. */
const OLDEST_MAJOR = 24;

/** Less than this and a store has no room to repack what it holds. */
const LITTLE_BYTES = 512 * 1024 * 1024;

/** A clock that is off by more makes lines seem late, or of tomorrow. */
const MAX_CLOCK_MS = 5_000;

export function checkNode(version: string): Finding {
  const isGood = Number(version.replace(/^v/, '').split('.')[0]) >= OLDEST_MAJOR;
  return isGood
    ? good('Node', version)
    : bad(
        'Node',
        `${version} is too old`,
        `install Node ${OLDEST_MAJOR} or later, or run npm ci in the project, which brings one`,
      );
}

/** @param hubMs - the hub's clock; undefined where none has answered */
export function checkClock(hubMs: number | undefined, nowMs: number): Finding {
  if (hubMs === undefined) return skipped('clock', 'there is no hub to compare it with');
  const differenceMs = Math.abs(nowMs - hubMs);
  const text = `${(differenceMs / 1000).toFixed(1)} s from that of the hub`;
  return differenceMs <= MAX_CLOCK_MS
    ? good('clock', text)
    : warning('clock', text, 'set both by NTP: timedatectl set-ntp true');
}

/** The folder of the store: is it there or can be made, may it be written, and is there room? */
export function checkStore(path: string | undefined): Finding[] {
  if (path === undefined) return [skipped('store', 'PERSISTENCE_ENABLED=false: nothing survives a restart')];
  const folder = nearestFolder(resolve(dirname(path)));
  if (!statSync(folder).isDirectory())
    return [bad('store', `${folder} is no folder`, 'set STORE_PATH to a file in one')];
  try {
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
  } catch {
    return [
      bad(
        'store',
        `${existsSync(path) ? path : folder} cannot be written by this user`,
        'set STORE_PATH to a place that can, or change its owner',
      ),
    ];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free`;
  return [
    good('store', existsSync(path) ? path : `${path}, to be made`),
    free >= LITTLE_BYTES ? good('disk', text) : warning('disk', text, 'make room, or set STORE_MAX_BYTES'),
  ];
}

function nearestFolder(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

/** Whether a hub could listen there, or already does. */
export async function checkPort(host: string, port: number): Promise<Finding> {
  const code = await tryListen(host, port);
  if (code === undefined) return good('port', `${port} is free`);
  if (code === 'EADDRINUSE') {
    return (await isHub(port))
      ? good('port', `${port} is that of a hub that runs`)
      : bad('port', `${port} is taken by another program`, 'set PORT to a free one');
  }
  if (code === 'EACCES') return bad('port', `${port} needs rights that this user does not have`, 'set PORT above 1023');
  return warning('port', `${host} cannot be listened on (${code})`, 'set HOST to 0.0.0.0 or 127.0.0.1');
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
    server.listen(port, host, () => server.close(() => done(undefined)));
  });
}

async function isHub(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://localhost:${port}/health`, { signal: AbortSignal.timeout(1_000) });
    return typeof ((await answer.json()) as { nats_connected?: unknown }).nats_connected === 'boolean';
  } catch {
    // No HTTP, or no JSON: another program.
    return false;
  }
}
