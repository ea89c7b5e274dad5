/**
 * What goes on in the shop when nobody is looking: probes, checkpoints, timers, crawlers. A scene says one to three
 * lines; how often each comes is the number beside it.
 */

import { API, DB_PRIMARY, DB_REPLICA, WEB, WORKERS } from './cast.ts';
import { CATEGORIES, CRAWLER_AGENT, PRODUCTS } from './catalogue.ts';
import { PROXY_ERROR } from './envelope.ts';
import { access, logcore, logfmt, pino, postgres, renderer } from './formats.ts';
import { work } from './orders.ts';
import type { Stage } from './stage.ts';

type Scene = (stage: Stage) => void;

const SCENES: readonly (readonly [weight: number, scene: Scene])[] = [
  [18, probeApi],
  [10, probeWeb],
  [12, poolStats],
  [8, shipSegment],
  [4, checkpoint],
  [6, replicate],
  [10, timer],
  [8, tidyUp],
  [6, crawl],
  [4, render],
  [4, session],
  [1, deprecation],
  [1, rateLimit],
  [0.4, brokenBody],
];

const TOTAL_WEIGHT = SCENES.reduce((sum, [weight]) => sum + weight, 0);

export function playBackground(stage: Stage): void {
  let left = stage.random.unit() * TOTAL_WEIGHT;
  for (const [weight, scene] of SCENES) {
    left -= weight;
    if (left >= 0) continue;
    scene(stage);
    return;
  }
}

function probeApi(stage: Stage): void {
  const api = stage.shop.pickUp(stage.random, API);
  if (api === undefined) return;
  const down = stage.shop.phase === 'down';
  const members = `"name":"shop-api","req":{"method":"GET","url":"/healthz"},"res":{"statusCode":${down ? 503 : 200}},"responseTime":${stage.random.between(1, 3)}`;
  stage.say(api, pino(down ? 40 : 20, api, down ? 'health: database unreachable' : 'request completed', members));
}

function probeWeb(stage: Stage): void {
  const web = stage.shop.pickUp(stage.random, WEB);
  if (web === undefined) return;
  const tookMs = stage.random.between(0, 2);
  const probe = { address: '172.19.0.1', method: 'GET', path: '/healthz', status: 200, bytes: 2, referrer: '-' };
  stage.say(web, access({ ...probe, agent: 'Consul Health Check', tookMs }));
}

function poolStats(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase === 'down') return;
  const crowded = shop.phase === 'slow';
  const text = `db=shop active=${crowded ? 60 : random.between(2, 14)} idle=${crowded ? 0 : random.between(20, 44)} waiting=${crowded ? random.between(20, 90) : 0} xact_s=${random.between(90, 260)} avg_query_us=${random.between(300, 900) * (crowded ? 40 : 1)}`;
  stage.say(DB_PRIMARY, logfmt(crowded ? 'warn' : 'info', 'pooler', 'stats', text));
}

/** The everyday half of the story: the database sends its WAL away, and the backup machine takes it in. */
function shipSegment(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase !== 'calm') return;
  const segment = shop.nextSegment();
  const tookMs = random.between(90, 700);
  stage.say(DB_PRIMARY, logfmt('debug', 'archiver', 'segment handed over', `segment=${segment} to=shop-backup`));
  const text = `segment=${segment} bytes=16777216 packed=${random.between(900_000, 5_800_000)} took_ms=${tookMs}`;
  stage.say(shop.backup, logfmt('info', 'receiver', 'segment stored', text), tookMs);
}

function checkpoint(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase === 'down') return;
  const buffers = random.between(120, 2900);
  const seconds = 0.3 + 3 * random.unit();
  const text = `checkpoint complete: wrote ${buffers} buffers (${(buffers / 163.84).toFixed(1)}%); 0 WAL file(s) added, ${random.between(0, 2)} removed, ${random.between(1, 5)} recycled; total=${seconds.toFixed(3)} s`;
  stage.say(DB_PRIMARY, postgres('LOG', DB_PRIMARY.pid + 3, 'checkpoint starting: time'));
  stage.say(DB_PRIMARY, postgres('LOG', DB_PRIMARY.pid + 3, text), seconds * 1000);
}

function replicate(stage: Stage): void {
  const { random, shop } = stage;
  if (shop.phase === 'down') return;
  const text = `upstream=${DB_PRIMARY.id} lag_bytes=${random.between(0, 90_000)} lag_ms=${random.between(88, 240)} state=streaming`;
  stage.say(DB_REPLICA, logfmt('info', 'replica', 'replication status', text));
}

const TIMERS = ['expire-carts', 'refresh-featured', 'rotate-sessions', 'sync-stock', 'collect-usage'] as const;

function timer(stage: Stage): void {
  const { random, shop } = stage;
  const worker = shop.pickUp(random, WORKERS);
  if (worker === undefined) return;
  const name = random.pick(TIMERS);
  const done = `"context": {"timer": "${name}", "rows": ${random.between(0, 60)}, "took_ms": ${random.between(6, 420)}, "backlog": ${shop.backlog}}`;
  const source = `"source": {"file": "timers.py", "line": ${random.between(20, 90)}, "function": "tick"}`;
  stage.say(worker, logcore('DEBUG', 'worker.timers', 'timer due', `"context": {"timer": "${name}"}, ${source}`));
  stage.say(worker, logcore('INFO', 'worker.timers', 'timer done', done), random.between(8, 450));
}

function tidyUp(stage: Stage): void {
  const { random } = stage;
  work(stage, 'stock', `stk_${random.between(10_000, 99_999)}`, random.requestId(), 0);
}

const CRAWLED = ['/robots.txt', '/sitemap.xml', '/feed.atom', '/old-catalogue', '/.well-known/security.txt'] as const;

function crawl(stage: Stage): void {
  const { random, shop } = stage;
  const web = shop.pickUp(random, WEB);
  if (web === undefined) return;
  const path = random.chance(0.4) ? random.pick(CRAWLED) : `/p/${random.pick(PRODUCTS).slug}`;
  const status = path === '/old-catalogue' ? 404 : 200;
  const seen = { address: `198.51.100.${random.between(1, 9)}`, method: 'GET', path, status, referrer: '-' };
  const bytes = status === 404 ? 153 : random.between(300, 30_000);
  stage.say(web, access({ ...seen, bytes, agent: CRAWLER_AGENT, tookMs: random.duration(12) }));
}

function render(stage: Stage): void {
  const { random, shop } = stage;
  const web = shop.pickUp(random, WEB);
  if (web === undefined) return;
  const down = shop.phase === 'down';
  const text = down
    ? `upstream shop-api answers 500, serving the last good page (age ${random.between(20, 300)} s)`
    : `revalidated /c/${random.pick(CATEGORIES)} in ${random.between(20, 180)} ms, ${random.between(12, 48)} products`;
  stage.say(web, renderer(down ? 'yellow' : 'green', web.pid, 'PageCache', text));
}

function session(stage: Stage): void {
  const { random, shop } = stage;
  const api = shop.pickUp(random, API);
  if (api === undefined) return;
  const members = `"name":"shop-api","user":{"id":${random.between(1000, 9999)},"name":"${random.pick(NAMES)}"},"method":"passkey"`;
  stage.say(api, pino(30, api, 'signed in', members));
}

const NAMES = ['Zoë', 'Jürgen', 'María', '美咲', 'Oluwaseun', 'Søren', 'Anna 🌱', 'Tom'] as const;

function deprecation(stage: Stage): void {
  const web = stage.shop.pickUp(stage.random, WEB);
  if (web === undefined) return;
  stage.say(
    web,
    `(node:${web.pid}) DeprecationWarning: response.redirect(url, status) is deprecated, use redirect(status, url)`,
  );
}

function rateLimit(stage: Stage): void {
  const api = stage.shop.pickUp(stage.random, API);
  if (api === undefined) return;
  const members = `"name":"shop-api","req":{"method":"POST","url":"/v1/session"},"address":"203.0.113.66","limit":20,"window_s":60`;
  stage.say(api, pino(40, api, 'rate limit reached', members));
}

function brokenBody(stage: Stage): void {
  const web = stage.shop.pickUp(stage.random, WEB);
  if (web === undefined) return;
  const text = 'could not finish reading HTTP body from instance: connection closed before message completed';
  stage.report(PROXY_ERROR, web, `[PU05] ${text}`);
}
