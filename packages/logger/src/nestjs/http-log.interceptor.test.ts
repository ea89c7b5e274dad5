/** The interceptor alone; with the module it is tried in real apps by test/logger/examples.test.ts. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lastValueFrom, of, throwError } from 'rxjs';
import { expect, test } from 'vitest';
import { linesOf } from '../lines.fixture.ts';
import { HttpLogInterceptor } from './http-log.interceptor.ts';

test('without the module it logs what it sees, with the user and the error of the handler', async () => {
  const { log, lines } = linesOf();
  const interceptor = new HttpLogInterceptor(log);
  const server = createServer(async (request, response) => {
    Object.assign(request, { user: { id: 'user_123' } });
    const http = { getRequest: () => request, getResponse: () => response };
    const context = { getType: () => 'http', switchToHttp: () => http };
    const handler = {
      handle: () => (request.url === '/fail' ? throwError(() => new Error('the stock is unknown')) : of('fine')),
    };
    response.statusCode = await lastValueFrom(interceptor.intercept(context as never, handler)).then(
      () => 200,
      () => 500,
    );
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fetch(`${url}/orders`);
  await fetch(`${url}/fail`);
  await expect.poll(() => lines.length).toBe(2);
  expect(lines[0]).toMatchObject({ level: 'INFO', context: { path: '/orders', userId: 'user_123' } });
  expect(lines[1]).toMatchObject({
    level: 'ERROR',
    message: expect.stringMatching(/^GET \/fail 500 \d+ms - the stock is unknown$/),
    exception: { message: 'the stock is unknown' },
  });
  server.close();
  server.closeAllConnections();
});

test('what is no HTTP passes through', async () => {
  const { log, lines } = linesOf();
  const context = { getType: () => 'rpc' };
  const answer = new HttpLogInterceptor(log).intercept(context as never, { handle: () => of('fine') });
  expect(await lastValueFrom(answer)).toBe('fine');
  expect(lines).toEqual([]);
});
