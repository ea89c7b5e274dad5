/**
 * Parameters of all routes: hostile values, duplicates, broken percent-encoding, names that are properties, and queries
 * as long as a request line may be. What cannot be used is a 400 that names the parameter; without a token it is a 401.
 */

import { percentEncoded } from './filters.ts';
import { hostileText, ODD_TEXTS } from './hostile.ts';
import { isOpenPath, judgeRequest } from './judge.ts';
import type { Random } from './random.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';
import { handshake } from './ws-wire.ts';

export const queryStrings: Target = { name: 'query-strings', share: 0.12, run };

const STREAMS = ['/logs/stream', '/api/logs', '/logs/ws'];

const PATHS = [
  ...STREAMS,
  ...STREAMS,
  ...['/health', '/ready', '/metrics', '/metrics/prometheus', '/metrics/ws', '/logs/buffer/stats', '/openapi.json'],
  ...['/', '/ui/', '/ui/index.html', '/session', '/ingest/logs', '/nowhere', '/logs', '/logs/stream/', '//logs/stream'],
  ...['/ui/..%2f..%2fpackage.json', '/ui/%2e%2e/', '/%6cogs/stream', '/logs/%', '/%ff', '/logs%00', '/LOGS/STREAM'],
];

const NAMES = [
  ...'level app instance region provider source host q tail since after format control from to limit cursor'.split(' '),
  ...['__proto__', 'constructor', 'toString', 'length', 'tail[]', 'tail[0]', 'q[$ne]', '', '%', '\u0000', 'q;tail'],
];

async function run(context: FuzzContext): Promise<void> {
  const { open, guarded, tally } = context;
  await eachCase(context, 24, async (random, index) => {
    const isGuarded = random.chance(0.3);
    const { port } = isGuarded ? guarded : open;
    const path = random.pick(PATHS);
    const method = random.pick(['GET', 'GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT']);
    const target = path + anyQuery(random);
    const isUpgrade = method === 'GET' && random.chance(path.endsWith('/ws') ? 0.8 : 0.05);
    const what = `case ${index}${isGuarded ? ' (guarded)' : ''}: ${isUpgrade ? 'upgrade ' : ''}${method} ${target.slice(0, 200)}`;
    const head = isUpgrade
      ? handshake(target)
      : `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    const { answers } = await judgeRequest(tally, {
      port,
      pieces: [head],
      what,
      isHead: method === 'HEAD',
      options: { until: isEnough },
    });
    const [answer] = answers;
    if (answers.length > 1) tally.finding(`${answers.length} answers: ${what}`);
    // 431 comes from the parser of HTTP, which cannot know who asks.
    const isAdmitted = answer !== undefined && answer.status !== 401 && answer.status !== 431;
    if (isGuarded && isAdmitted && (!isOpenPath(path) || isUpgrade)) {
      tally.finding(`${answer.status} without a token: ${what}`);
    }
    if (
      answer?.status === 200 &&
      STREAMS.includes(path) &&
      method === 'GET' &&
      !/event-stream/.test(answer.headers.get('content-type') ?? '')
    )
      tally.finding(`a stream of ${answer.headers.get('content-type')}: ${what}`);
  });
}

/** A stream has begun or a handshake is done; everything else ends by itself. */
function isEnough(received: Buffer): boolean {
  const start = received.toString('latin1', 0, 30);
  if (start.startsWith('HTTP/1.1 101')) return received.includes('\r\n\r\n');
  return start.startsWith('HTTP/1.1 200') && received.includes('text/event-stream') && received.includes('\nid: ');
}

function anyQuery(random: Random): string {
  if (random.chance(0.1)) return '';
  if (random.chance(0.03)) return `?q=${'a'.repeat(random.int(3000, 20_000))}`;
  if (random.chance(0.03))
    return `?${random.pick(['&', '=', '?', '&=', 'a&', '%', '%25', 'tail=1&', 'app=a,&'])}`
      .repeat(random.int(1, 3000))
      .slice(0, 15_000);
  // Long runs that a regular expression of the hub's own might stumble over.
  if (random.chance(0.05))
    return `?${percentEncoded(random.pick(NAMES))}=${random.pick(['T', '1', '+', '1h', 'a,', 'T%20', '%F0', '00:00', '-', '.'])}`
      .repeat(1)
      .concat(
        random
          .pick(['T', '1', '+', '1h', 'a,', 'T+', '00:00', '-', '.', 'T1+00:00'])
          .repeat(random.int(100, 7000))
          .slice(0, 15_000),
      );
  const pairs = random.list(1, random.chance(0.1) ? 60 : 4, () => {
    const name = random.pick(NAMES);
    return `${random.chance(0.8) ? percentEncoded(name) : raw(name)}=${anyValue(random, name)}`;
  });
  return `?${pairs.join(random.pick(['&', '&', '&', '&&', ';', '&amp;']))}`.slice(0, 15_000);
}

function anyValue(random: Random, name: string): string {
  switch (random.int(0, 5)) {
    case 0:
      return percentEncoded(random.pick(ODD_TEXTS));
    case 1:
      return percentEncoded(hostileText(random, 300));
    case 2:
      return random.pick(['%', '%zz', '%f', '%ff%fe', '%c0%80', '%ed%a0%80', '%u0041', '+', '%00', '%0d%0a', '%26%3d']);
    case 3:
      return raw(hostileText(random, 300));
    default:
      return percentEncoded(
        random.pick((Object.hasOwn(USUAL, name) ? USUAL[name] : undefined) ?? ['1', 'a', 'a,b', 'true']),
      );
  }
}

const USUAL: Readonly<Record<string, readonly string[]>> = {
  tail: ['0', '1', '10', '10000', '10001', '-1', '1.5', '1e3', '0x10', '١'],
  since: ['15m', '1h30m', '2026-11-20T10:15:00Z', '1795169704', '99999999999w', '2026-11-20T10:15:00+02:00', '0', '-1'],
  after: ['00kq3v0x9f2-h7c2d', 'zzzzzzzzzzz-zzzzz', '00000000000-00000', '1'],
  format: ['fly', 'natstream', 'structured', 'logcore', 'flat', 'xml', 'toString'],
  level: ['error', 'WARN', 'warning', 'critical', 'none', '50', 'constructor'],
  control: ['1', '0', 'true', 'false', 'yes'],
  q: ['error', 'level:error', 'status:>500', '/a+/', '(', 'a or b', '-(a b)'],
};

/** As it stands, as far as a request line can be sent at all. */
function raw(text: string): string {
  return text.replace(/[\0-\x20\x7f-\uffff]/g, '').slice(0, 2000);
}
