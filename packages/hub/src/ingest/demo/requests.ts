/**
 * What a click leaves behind: lines of the front end, the API and, where it is slow, the database, joined by a request
 * id. How a request fares is decided by the shop's weather; outside incidents very few fail.
 */

import { API, DB_PRIMARY, type Instance, WEB } from './cast.ts';
import { access, logfmt, pino, renderer } from './formats.ts';
import { placeOrder } from './orders.ts';
import type { Stage } from './stage.ts';
import { brokenPipe, connectionRefused, poolTimeout, undefinedPrice } from './traces.ts';
import type { Click, Visitor } from './visitors.ts';

/** A click on its way through the machines. */
export interface Request {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  readonly click: Click;
  readonly visitor: Visitor;
  readonly web: Instance;
  readonly api: Instance;
  /** When the API sees it, and how long the API takes. */
  readonly apiAtMs: number;
  readonly apiMs: number;
}

/** Share of requests that fail on a fine day. */
const MISHAP_SHARE = 0.003;

/** How long the pool lets a request wait for a connection. */
const POOL_TIMEOUT_MS = 5000;

/** The API is next door or an ocean away. */
const NEAR_MS = 1.5;
const FAR_MS = 88;

export function serve(stage: Stage, visitor: Visitor, click: Click): void {
  const { random, shop } = stage;
  const web = shop.isUp(visitor.home) ? visitor.home : shop.pickUp(random, WEB);
  if (web === undefined) return;
  const near = API.filter((instance) => instance.region === web.region && shop.isUp(instance));
  const api = near.length > 0 ? random.pick(near) : shop.pickUp(random, API);
  if (api === undefined) return;
  const request: Request = {
    id: random.requestId(),
    method: click.does === 'view' ? 'GET' : 'POST',
    click,
    visitor,
    web,
    api,
    apiAtMs: (api.region === web.region ? NEAR_MS : FAR_MS) * (0.8 + 0.4 * random.unit()),
    apiMs: random.duration(click.typicalMs * shop.weather.delay),
  };
  const fate = random.unit();
  const { refused, starved, slow } = shop.weather;
  if (fate < refused) refuse(stage, request);
  else if (fate < refused + starved) starve(stage, request);
  else if (fate < refused + starved + slow) answerSlowly(stage, request);
  else if (shop.mishapDue || random.chance(MISHAP_SHARE)) stumble(stage, request);
  else answer(stage, request, request.apiMs);
  if (click.does === 'view') visitor.referrer = `https://shop.example${click.path}`;
}

/** The members that every line of the API about a request has. */
function requestMembers(request: Request): string {
  return `"name":"shop-api","request_id":"${request.id}","req":{"method":"${request.method}","url":"${request.click.apiUrl}"}`;
}

function answer(stage: Stage, request: Request, apiMs: number): void {
  const { random } = stage;
  const { api, apiAtMs, click, visitor } = request;
  if (click.does === 'order') placeOrder(stage, request);
  else if (click.does === 'change') {
    const text = `"request_id":"${request.id}","user":{"id":${visitor.customer}},"sku":"${visitor.product}","quantity":1`;
    stage.say(api, pino(30, api, 'cart updated', text), apiAtMs + apiMs * 0.8);
  } else if (random.chance(0.2)) {
    const hit = random.chance(0.8);
    const text = `"request_id":"${request.id}","key":"page:${visitor.product}","ttl_s":${random.between(5, 1800)}`;
    stage.say(api, pino(20, api, hit ? 'cache hit' : 'cache miss', text), apiAtMs + apiMs * 0.2);
  }
  finish(stage, request, click.does === 'view' ? 200 : 201, apiMs);
  if (click.does === 'view' && random.chance(0.35)) fetchAsset(stage, request, apiMs);
}

/** The closing lines of a request: the API's, and the front end's a little later. */
function finish(stage: Stage, request: Request, status: number, apiMs: number): void {
  const { api, web, apiAtMs, click, visitor } = request;
  const level = status >= 500 ? 50 : status >= 400 ? 40 : 30;
  const result = `${requestMembers(request)},"res":{"statusCode":${status}},"responseTime":${Math.max(1, Math.round(apiMs))}`;
  stage.say(api, pino(level, api, status >= 500 ? 'request errored' : 'request completed', result), apiAtMs + apiMs);
  const tookMs = 2 * apiAtMs + apiMs + 1 + 3 * stage.random.unit();
  const path = click.does === 'view' ? click.path : `/api${click.path}`;
  const bytes = status >= 400 ? 187 : stage.random.between(1200, 48_000);
  stage.say(
    web,
    access({ ...visitor, method: request.method, path, status, bytes, tookMs, requestId: request.id }),
    tookMs,
  );
  // Every so often the renderer has its own word on the page.
  if (click.does === 'view' && (status >= 500 || stage.random.chance(0.25))) {
    const colour = status >= 500 ? 'red' : tookMs > 400 ? 'yellow' : 'green';
    const page = `GET ${click.path} ${status} in ${Math.round(tookMs)} ms request_id=${request.id}`;
    stage.say(web, renderer(colour, web.pid, 'PageController', page), tookMs + 0.2);
  }
}

const ASSETS = ['app.4f2c9b.js', 'app.91d0e7.css', 'fonts/inter.woff2', 'img/hero-1600.avif', 'img/oak-shelf-800.avif'];

function fetchAsset(stage: Stage, request: Request, apiMs: number): void {
  const { random } = stage;
  const cached = random.chance(0.3);
  const entry = {
    address: request.visitor.address,
    method: 'GET',
    path: `/assets/${random.pick(ASSETS)}`,
    status: cached ? 304 : 200,
    bytes: cached ? 0 : random.between(4000, 180_000),
    referrer: `https://shop.example${request.click.path}`,
    agent: request.visitor.agent,
    tookMs: random.between(0, 4),
  };
  stage.say(request.web, access(entry), 2 * request.apiAtMs + apiMs + random.between(30, 200));
}

const STATEMENTS = [
  'SELECT * FROM products WHERE category = $1 ORDER BY rank LIMIT 24',
  'SELECT * FROM carts JOIN cart_items USING (cart_id) WHERE customer_id = $1',
  'UPDATE stock SET reserved = reserved + $1 WHERE sku = $2',
  'SELECT * FROM products WHERE search @@ plainto_tsquery($1) LIMIT 24',
] as const;

function answerSlowly(stage: Stage, request: Request): void {
  const { random } = stage;
  const queryMs = random.between(800, 4200);
  const text = `duration_ms=${queryMs} rows=${random.between(1, 24)} pid=${random.between(2000, 2400)} statement="${random.pick(STATEMENTS)}"`;
  stage.say(DB_PRIMARY, logfmt('warn', 'postgres', 'slow query', text), request.apiAtMs + queryMs);
  if (random.chance(0.5)) {
    const waiting = `"request_id":"${request.id}","wait_ms":${random.between(300, 4800)},"waiting":${random.between(3, 31)},"size":20`;
    stage.say(request.api, pino(40, request.api, 'pool: slow acquire', waiting), request.apiAtMs + queryMs * 0.5);
  }
  answer(stage, request, request.apiMs + queryMs);
}

function starve(stage: Stage, request: Request): void {
  const at = request.apiAtMs + POOL_TIMEOUT_MS;
  if (stage.random.chance(0.4)) stage.sayAtOnce(request.api, poolTimeout(stage.random), at - 0.4);
  finish(stage, request, 503, POOL_TIMEOUT_MS);
}

function refuse(stage: Stage, request: Request): void {
  const apiMs = 2 + 10 * stage.random.unit();
  if (stage.random.chance(0.4))
    stage.sayAtOnce(request.api, connectionRefused(stage.random), request.apiAtMs + apiMs - 0.4);
  finish(stage, request, 500, apiMs);
}

/** A failure on a fine day. */
function stumble(stage: Stage, request: Request): void {
  stage.shop.mishapDue = false;
  const trace = request.click.does === 'order' ? brokenPipe() : undefinedPrice(stage.random, request.visitor.product);
  stage.sayAtOnce(request.api, trace, request.apiAtMs + request.apiMs - 0.4);
  finish(stage, request, 500, request.apiMs);
}
