/** What a hub has loaded that nobody asks anything of: its memory is that, and on a machine of 256 MB it counts. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { spawnHub } from '../support/test-hub.ts';

const BIN = fileURLToPath(new URL('../../packages/cli/bin/flywatch.js', import.meta.url));

/** Says, when it is asked by a signal, what of Node itself is loaded. */
const ASKED = `--import "data:text/javascript,process.on('SIGUSR2',()=>console.error(process.moduleLoadList.join()))"`;

/** Loaded with the first bus, configuration file, database, engine or question; or never. */
const FOR_OTHERS = ['@nats-io', 'yaml', 'pg', 'ioredis', 'ai', '@modelcontextprotocol', 'zod', 'ajv', 'pino'];

test('a first start strips no types, and loads nothing that only other hubs need', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'flywatch-cache-'));
  try {
    const cache = { NODE_COMPILE_CACHE: folder };
    const { PATH = '' } = process.env;
    const { status } = spawnSync(process.execPath, [BIN, '--version', 'serve'], { env: { PATH, ...cache } });
    expect(status).toBe(0);

    await using hub = await spawnHub({
      ...cache,
      NODE_DEBUG_NATIVE: 'COMPILE_CACHE',
      NODE_OPTIONS: ASKED,
      WATCH_OWN_HOST: 'true',
    });
    process.kill(hub.pid, 'SIGUSR2');
    const builtin = await hub.logged(/NativeModule _http_server/);
    const said = hub.lines.join('\n');
    const loaded = new Set([...said.matchAll(/\/node_modules\/([\w@.-]+)\//g)].map(([, name]) => name!));
    expect(said).toMatch(/for StrippedTypeScript \S+\/writer-thread\.ts/);
    expect(said).not.toContain('no transpile cache');
    expect(loaded).toContain('fastify');
    expect(FOR_OTHERS.filter((name) => loaded.has(name))).toEqual([]);
    expect(builtin).not.toContain('undici');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
