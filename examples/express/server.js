// An Express app that logs its requests, to standard output, to a hub where FLYWATCH_URL names one, and live at ws://…/logs.

import { getLogger, labelsFromFly } from '@flywatch/logger';
import { logSockets, requestErrors, requestLogger } from '@flywatch/logger/express';
import { LogFeed, LogGateway } from '@flywatch/logger/gateway';
import express from 'express';

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

const app = express();
// First of all, so that what the next ones refuse is logged too.
app.use(requestLogger(log));
app.use(express.json());

app.get('/orders/:id', (request, response) => {
  orders.info('order read', { order_id: Number(request.params.id) });
  response.json({ id: request.params.id });
});
app.post('/orders', (request, response) => {
  orders.info('order accepted', { items: request.body.items });
  response.status(201).json({ id: 1 });
});
app.get('/admin', (_, response) => response.status(401).json({ error: 'who are you?' }));
app.get('/fail', () => {
  throw new Error('the stock is unknown');
});
app.get('/slow', (_, response) => setTimeout(() => response.end('at last'), 10_000));
// Last of all, so that the line of a request says why it failed.
app.use(requestErrors);

const server = app.listen(Number(PORT), () => log.info('listening', { port: server.address().port }));
logSockets(server, log);
const gateway = new LogGateway(feed, { token: LOG_TOKEN });
gateway.attach(server);

process.once('SIGTERM', () => {
  gateway.close();
  server.close(() => log.close());
  server.closeIdleConnections();
});
