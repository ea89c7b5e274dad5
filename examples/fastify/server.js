// A Fastify app that logs its requests, to standard output, to a hub where FLYWATCH_URL names one, and live at ws://…/logs.

import { getLogger, labelsFromFly } from '@flywatch/logger';
import { requestLogger } from '@flywatch/logger/fastify';
import { LogFeed, LogGateway } from '@flywatch/logger/gateway';
import fastify from 'fastify';

const { PORT = '3000', FLYWATCH_URL, FLYWATCH_TOKEN, LOG_TOKEN } = process.env;

const feed = new LogFeed();
const log = getLogger('api', {
  stdout: true,
  destinations: [feed],
  hub: FLYWATCH_URL
    ? { url: FLYWATCH_URL, token: FLYWATCH_TOKEN, app: 'shop', ...labelsFromFly(process.env) }
    : undefined,
});
const orders = log.named('orders');

const app = fastify();
app.register(requestLogger(log));

app.get('/orders/:id', async (request) => {
  orders.info('order read', { order_id: Number(request.params.id) });
  return { id: request.params.id };
});
app.post('/orders', async (request, reply) => {
  orders.info('order accepted', { items: request.body.items });
  reply.status(201);
  return { id: 1 };
});
app.get('/admin', async (_, reply) => {
  reply.status(401);
  return { error: 'who are you?' };
});
app.get('/fail', async () => {
  throw new Error('the stock is unknown');
});
app.get('/slow', () => new Promise((resolve) => setTimeout(resolve, 10_000, 'at last')));

const gateway = new LogGateway(feed, { token: LOG_TOKEN });
gateway.attach(app.server);
app.addHook('preClose', async () => gateway.close());
app.addHook('onClose', () => log.close());

await app.listen({ port: Number(PORT) });
log.info('listening', { port: app.server.address().port });
process.once('SIGTERM', () => app.close());
