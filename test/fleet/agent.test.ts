/** What a real agent sends to a real hub can be read there. */

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startTestHub } from '../support/test-hub.ts';

const FLYWATCH = fileURLToPath(new URL('../../packages/cli/bin/flywatch.js', import.meta.url));

test('after `flywatch agent --once` the hub has figures, checks and lines of the host', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'flywatch-agent-'));
  await using hub = await startTestHub({ AUTH_TOKEN: 'reads-and-writes', INGEST_TOKEN: 'only-writes' });
  const read = async (path: string) => {
    const response = await fetch(hub.url + path, { headers: { authorization: 'Bearer reads-and-writes' } });
    return (await response.json()) as Record<string, unknown>[];
  };
  try {
    const config = join(folder, 'config.yml');
    const monitoring = {
      enabled: true,
      hub_url: hub.url,
      token: 'only-writes',
      health_checks: [`${hub.url}/health`, 'tcp://127.0.0.1:1'],
      log_files: join(folder, 'app.log'),
    };
    await writeFile(config, JSON.stringify({ monitoring }));
    await writeFile(join(folder, 'app.log'), 'a line of the host\n');
    const names = ['--app-name', 'shop', '--vps-name', 'vps-1'];
    const { PATH = '' } = process.env;
    await promisify(execFile)(process.execPath, [FLYWATCH, 'agent', '--once', '--config', config, ...names], {
      env: { PATH, XDG_STATE_HOME: folder },
    });

    const points = await read('/api/vps/vps-1/metrics');
    expect(points).toEqual([
      expect.objectContaining({ cpu_percent: expect.any(Number), memory_mb: expect.any(Number) }),
    ]);
    const results = await read('/api/vps/vps-1/health?details=true');
    expect(results.map(({ url, success }) => [url, success]).sort()).toEqual([
      [`${hub.url}/health`, true],
      ['tcp://127.0.0.1:1', false],
    ]);
    expect(results.find(({ success }) => success === true)).toMatchObject({
      status_code: 200,
      details: { state: 'up' },
    });
    expect(await read('/api/fleet/summary?details=true')).toEqual([
      expect.objectContaining({
        vps_name: 'vps-1',
        app_name: 'shop',
        health_status: 'unhealthy',
        details: {
          figures: expect.objectContaining({ memory: expect.any(Object) }),
          interval_seconds: 60,
          agent_version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        },
      }),
    ]);
    const { units } = (await read('/api/fleet/overview')) as unknown as { units: object[] };
    expect(units).toEqual([
      expect.objectContaining({
        name: 'vps-1',
        state: 'attention',
        interval_seconds: 60,
        system: expect.objectContaining({ kernel: release(), agent_version: expect.any(String) }),
      }),
    ]);
    expect(await read('/api/logs/recent?vps_name=vps-1')).toEqual([
      expect.objectContaining({ message: 'a line of the host', app_name: 'shop' }),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
