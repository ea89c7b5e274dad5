/** `vg logs` against the gateway inside an app, the real one of the logger, without any hub. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getLogger, type Logger } from '@flywatch/logger';
import { type GatewayOptions, LogFeed, LogGateway } from '@flywatch/logger/gateway';
import { afterEach, expect, test } from 'vitest';
import { linesOf, start, vg } from './program.fixture.ts';

interface App {
  readonly url: string;
  readonly port: number;
  readonly log: Logger;
  stop(): Promise<void>;
}

const running: App[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop();
});

async function startApp(options: GatewayOptions = {}, feed = new LogFeed(), port = 0): Promise<App> {
  const log = getLogger('api', { level: 'trace', callSite: false, destinations: [feed] });
  const server: Server = createServer((_, response) => response.writeHead(404).end('the app has no such page'));
  const gateway = new LogGateway(feed, options);
  gateway.attach(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const app: App = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    port: (server.address() as AddressInfo).port,
    log,
    stop: async () => {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  running.push(app);
  return app;
}

test('its past is shown and filtered as that of a hub, also what it cannot filter itself', async () => {
  const { url, log } = await startApp();
  log.info('GET /a 200', { statusCode: 200 });
  log.warn('GET /b 404', { statusCode: 404 });
  log.error('GET /c 500', { statusCode: 500 });
  const past = (...args: string[]) =>
    vg(['logs', '-u', url, '--no-follow', '--format', '{level} {source} {message}', ...args]);
  expect(await past('-l', 'warn')).toMatchObject({ status: 0, stdout: 'warn api GET /b 404\nerror api GET /c 500\n' });
  expect(await past('-q', 'statusCode:<500', '-n', '1')).toMatchObject({ status: 0, stdout: 'warn api GET /b 404\n' });
  expect(await past('-s', 'other')).toMatchObject({ status: 0, stdout: '' });
});

test('it is followed; when the app comes back the lines go on, each once', async () => {
  const feed = new LogFeed();
  const app = await startApp({}, feed);
  app.log.info('n=0');
  await using program = start(['logs', '-u', app.url, '--format', 'raw', '-n', '10']);
  await program.until((stdout) => stdout.includes('n=0'));
  app.log.info('n=1');
  await program.until((stdout) => stdout.includes('n=1'));
  await app.stop();
  await program.until((_, stderr) => stderr.includes('trying again'));
  app.log.info('n=2');
  const again = await startApp({}, feed, app.port);
  await program.until((_, stderr) => stderr.includes('connected again'));
  again.log.info('n=3');
  await program.until((stdout) => stdout.includes('n=3'));
  expect(linesOf(program.stdout)).toEqual(['n=0', 'n=1', 'n=2', 'n=3']);
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(130);
});

test('a token that is missing or wrong is said as for a hub', async () => {
  const { url, log } = await startApp({ token: 'gateway-token' });
  log.info('hello');
  expect(await vg(['logs', '-u', url])).toMatchObject({ status: 1, stderr: expect.stringContaining('wants a token') });
  const wrong = await vg(['logs', '-u', url, '--token', 'wrong-token']);
  expect(wrong).toMatchObject({ status: 1, stderr: expect.stringContaining('refuses the token') });
  const right = await vg(['logs', '-u', `${url}/logs`, '--no-follow', '--format', 'raw'], {
    FLYWATCH_TOKEN: 'gateway-token',
  });
  expect(right).toMatchObject({ status: 0, stdout: 'hello\n' });
});
