/**
 * What monitoring is made of, in one small program: structured logging, figures of this machine, and HTTP health checks. It brings an
 * app of its own, so that there is something to check, and ends by itself.
 *
 *   node examples/monitoring-demo.ts
 *
 * Each line that it prints is JSON in logcore's format: an agent that follows the output of an app understands it as it is. To see the
 * lines in a hub, send them there:
 *
 *   node examples/monitoring-demo.ts | curl --data-binary @- "http://localhost:8080/ingest/logs?app=demo"
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CheckRunner, checkRow, HostCollector, loadAgentConfig, metricsRow } from '@flywatch/agent';
import { getLogger } from '@flywatch/logger';

const CONFIG = fileURLToPath(new URL('monitoring-demo.yml', import.meta.url));

/** Rates such as that of the CPU are taken between two looks. */
const RATE_INTERVAL_MS = 1000;

const logger = getLogger('monitoring_demo', { stdout: 'json' });

/** 1. Structured logging: a message, and beside it what it is about. */
function showLogging(): void {
  logger.info('User action', { user_id: 123, action: 'sign_in' });
  logger.warn('Disk is filling up', { mount: '/', percent: 91 });
  try {
    processPayment(456);
  } catch (error) {
    logger.error('Payment failed', error as Error, { order_id: 456 });
  }
}

function processPayment(orderId: number): never {
  throw new Error(`the card for order ${orderId} was declined`);
}

/** 2. Figures of this machine, as an agent sends them. */
async function showFigures(): Promise<void> {
  const collector = new HostCollector({
    onProblem: (section, error) => logger.warn('Figures cannot be had', { section, error }),
  });
  await collector.collect();
  await sleep(RATE_INTERVAL_MS);
  const names = { atMs: Date.now(), vpsName: hostname(), appName: 'monitoring_demo' };
  const { figures: _, ...row } = metricsRow(await collector.collect(), names);
  logger.info('System metrics', row);
}

/** 3. Health checks, from the same configuration that an agent would read. */
async function showChecks(): Promise<void> {
  const app = await startApp();
  const { config } = loadAgentConfig({ file: CONFIG, env: { APP_URL: app.url } });
  const checks = config!.apps.flatMap((watched) => watched.checks);
  const results = await new CheckRunner({ checks, host: hostname(), onResult: () => {} }).runOnce();
  for (const result of results) {
    const { url, success, status_code, response_time_ms, error_message } = checkRow(result, hostname());
    const context = { url, success, status_code, response_time_ms, error_message };
    if (success) logger.info('Health check passed', context);
    else logger.error('Health check failed', context);
  }
  app.stop();
}

/** An app that answers, and whose database is away. */
async function startApp(): Promise<{ url: string; stop: () => void }> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url === '/health' ? { status: 'ok' } : { status: 'ok', database: 'down' }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

showLogging();
await showFigures();
await showChecks();
