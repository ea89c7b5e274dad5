/** The stack traces that the shop's programs print: the first line says what happened, the others where. */

import type { Random } from './random.ts';

/** What Node prints for an error of the API. */
function nodeTrace(headline: string, ...frames: readonly string[]): string[] {
  return [
    headline,
    ...frames.map((frame) => `    at ${frame}`),
    '    at async Router.dispatch (/app/dist/http/router.js:118:19)',
    '    at async Server.handle (/app/dist/http/server.js:64:5)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:104:5)',
  ];
}

export function connectionRefused(random: Random): string[] {
  return nodeTrace(
    'Error: connect ECONNREFUSED 10.0.0.5:5432',
    'TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)',
    `Connection.open (/app/dist/db/connection.js:${random.between(31, 44)}:21)`,
    'async Pool.acquire (/app/dist/db/pool.js:77:12)',
    `async ${random.pick(['OrderStore.create', 'CartStore.load', 'ProductStore.bySlug'])} (/app/dist/shop/stores.js:${random.between(20, 210)}:17)`,
  );
}

export function poolTimeout(random: Random): string[] {
  return nodeTrace(
    'PoolTimeoutError: no connection became free within 5000 ms (20 of 20 in use)',
    'Timeout.onExpiry (/app/dist/db/pool.js:93:24)',
    'async Pool.acquire (/app/dist/db/pool.js:77:12)',
    `async CartStore.load (/app/dist/shop/stores.js:${random.between(20, 210)}:17)`,
  );
}

export function brokenPipe(): string[] {
  return nodeTrace(
    'Error: write EPIPE',
    'WriteWrap.onWriteComplete [as oncomplete] (node:internal/stream_base_commons:87:19)',
    'async PaymentClient.post (/app/dist/payments/client.js:52:9)',
    'async PaymentClient.charge (/app/dist/payments/client.js:88:22)',
    'async placeOrder (/app/dist/shop/checkout.js:131:18)',
  );
}

/** A lapse of the API's own, of the sort that is in every program: rare and harmless. */
export function undefinedPrice(random: Random, slug: string): string[] {
  return nodeTrace(
    `TypeError: Cannot read properties of undefined (reading 'cents') for product ${slug}`,
    `formatPrice (/app/dist/shop/money.js:${random.between(9, 19)}:31)`,
    'Array.map (<anonymous>)',
    'toListing (/app/dist/shop/listing.js:47:24)',
  );
}

/** What Python prints for an error of a worker. */
export function mailTrace(random: Random): string[] {
  return [
    'Traceback (most recent call last):',
    '  File "/srv/worker/jobs/runner.py", line 74, in run',
    '    job.handler(job.payload)',
    `  File "/srv/worker/jobs/mail.py", line ${random.between(30, 58)}, in send_receipt`,
    '    relay.send(message, timeout=10)',
    '  File "/srv/worker/mail/relay.py", line 41, in send',
    '    raise RelayRefused(code, text)',
    'worker.mail.relay.RelayRefused: 451 greylisted, try again in 60 seconds',
  ];
}
