/** What only Fastify knows of a request; the rest is tried in real apps by test/logger/examples.test.ts. */

import fastify from 'fastify';
import { expect, test } from 'vitest';
import { requestLogger } from './fastify.ts';
import { linesOf } from './lines.fixture.ts';

test('who asked is the user that a hook has put on Fastify’s request', async () => {
  const { log, lines } = linesOf();
  const server = fastify();
  server.register(requestLogger(log));
  server.addHook('preHandler', async (request) => {
    if (request.url === '/known') Object.assign(request, { user: { sub: 42 } });
  });
  server.get('/:path', async () => 'hello');
  const url = await server.listen({ port: 0, host: '127.0.0.1' });
  await fetch(`${url}/known`);
  await fetch(`${url}/unknown`);
  await expect.poll(() => lines.length).toBe(2);
  expect(lines.map(({ context }) => context?.userId)).toEqual(['42', 'anon']);
  await server.close();
});

test('a request that is injected is logged like one that came over the wire', async () => {
  const { log, lines } = linesOf();
  const server = fastify();
  server.register(requestLogger(log));
  server.get('/', async () => 'hello');
  await server.inject('/?a=1');
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toMatchObject({ level: 'INFO', context: { path: '/?a=[redacted]', statusCode: 200 } });
  await server.close();
});

test('an error is in the line of its request', async () => {
  const { log, lines } = linesOf();
  const server = fastify();
  server.register(requestLogger(log));
  server.get('/', async () => {
    throw new Error('the stock is unknown');
  });
  await fetch(await server.listen({ port: 0, host: '127.0.0.1' }));
  await expect.poll(() => lines.length).toBe(1);
  expect(lines[0]).toMatchObject({ level: 'ERROR', exception: { message: 'the stock is unknown' } });
  await server.close();
});
