/** What follows an order: a charge in the API, then jobs that the workers do in their own time under the same request id. */

import { WORKERS } from './cast.ts';
import { logcore, pino } from './formats.ts';
import type { Random } from './random.ts';
import type { Request } from './requests.ts';
import type { Stage } from './stage.ts';

/** The charge and the order itself, and the jobs. The closing lines of the request are not among them. */
export function placeOrder(stage: Stage, request: Request): void {
  const { random } = stage;
  const { api, apiAtMs, apiMs, visitor } = request;
  const cents = random.between(990, 24_900);
  const members = `"request_id":"${request.id}","order_id":${visitor.order},"user":{"id":${visitor.customer}},"amount_cents":${cents}`;
  stage.say(api, pino(30, api, 'charge started', `${members},"provider":"cardhouse"`), apiAtMs + apiMs * 0.2);
  stage.say(api, pino(30, api, 'order placed', `${members},"items":${random.between(1, 4)}`), apiAtMs + apiMs * 0.9);
  const queuedMs = apiAtMs + apiMs + random.between(40, 900);
  work(stage, 'invoices', `inv_${visitor.order}`, request.id, queuedMs);
  if (random.chance(0.7))
    work(stage, 'mail', `m_${random.between(4000, 9999)}`, request.id, queuedMs + random.between(5, 400));
}

/** A job that one of the workers picks up `atMs` from now and finishes, if one is running. */
export function work(stage: Stage, queue: string, job: string, requestId: string, atMs: number): void {
  const { random, shop } = stage;
  const worker = shop.pickUp(random, WORKERS);
  if (worker === undefined) return;
  const logger = `worker.${queue}`;
  const tookMs = Math.round(random.duration(queue === 'mail' ? 320 : 140));
  const context = (rest: string) => `"context": {"request_id": "${requestId}", "job_id": "${job}", ${rest}}`;
  stage.say(
    worker,
    logcore('INFO', logger, 'job picked', context(`"queue": "${queue}", "attempt": ${attempt(random)}`)),
    atMs,
  );
  stage.say(
    worker,
    logcore('INFO', logger, 'job done', context(`"queue": "${queue}", "took_ms": ${tookMs}`)),
    atMs + tookMs,
  );
}

function attempt(random: Random): number {
  return random.chance(0.03) ? 2 : 1;
}
