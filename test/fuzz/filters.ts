/**
 * Filters: texts of the language, garbage, and regular expressions that a backtracking engine never comes back from, to
 * SSE and WebSocket, over lines made to hurt. A filter is refused with the place, or the stream begins; both at once.
 */

import { hostileText } from './hostile.ts';
import { judgeRequest } from './judge.ts';
import type { Random } from './random.ts';
import { eachCase, type FuzzContext, type Target } from './target.ts';
import { handshake } from './ws-wire.ts';

export const filters: Target = { name: 'filters', share: 0.12, run };

async function run(context: FuzzContext): Promise<void> {
  const { open, tally } = context;
  await sendHostileLines(open.port);
  await eachCase(context, 16, async (random, index) => {
    const text = anyFilter(random);
    const start = random.pick(['', '&tail=1', '&tail=100', '&tail=10000', '&since=1h']);
    const query = `?q=${percentEncoded(text)}${start}`;
    const what = `case ${index}: q=${text.slice(0, 150)}${start}`;
    if (random.chance(0.25)) {
      const { answers } = await judgeRequest(tally, {
        port: open.port,
        pieces: [handshake(`/logs/ws${query}&control=1`)],
        what,
        options: { until: (received) => received.includes('\r\n\r\n'), timeoutMs: 20_000 },
      });
      if (answers.some(({ status }) => status !== 101 && status !== 400 && status !== 431))
        tally.finding(`${answers[0]!.status}: ${what}`);
      return;
    }
    const { answers } = await judgeRequest(tally, {
      port: open.port,
      pieces: [`GET /logs/stream${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`],
      what,
      options: {
        until: (received) =>
          received.includes('\nid: ') ||
          (/^HTTP\/1.1 [45]/.test(received.toString('latin1', 0, 20)) && received.includes('}')),
        timeoutMs: 20_000,
      },
    });
    if (answers.some(({ status }) => status !== 200 && status !== 400 && status !== 431))
      tally.finding(`${answers[0]!.status}: ${what}`);
  });
}

/** Lines on which backtracking engines, automata and scanners of tokens have their worst days. */
async function sendHostileLines(port: number): Promise<void> {
  const coin = 'abbabaabbaababbabaababba'.repeat(2000);
  const lines = [
    'a'.repeat(200_000),
    `${'a'.repeat(100_000)}!`,
    coin,
    coin.replaceAll('ab', 'é日').slice(0, 40_000),
    'x=1 '.repeat(20_000),
    '=\\"'.repeat(20_000),
    '\x1b[0;1'.repeat(10_000),
    'aa-'.repeat(30_000),
    `{"a":${JSON.stringify('b'.repeat(60_000))},"status":500}`,
    `{${Array.from({ length: 3000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
    ...Array.from({ length: 500 }, (_, i) => `GET /api/v1/users/${i} status=${200 + i} dur=${i}ms user.id=${i}`),
  ];
  const response = await fetch(`http://127.0.0.1:${port}/ingest/logs?app=hostile`, {
    method: 'POST',
    body: lines.join('\n'),
    headers: { 'content-type': 'text/plain', connection: 'close' },
  });
  if (response.status !== 200) throw new Error(`the lines were refused: ${response.status} ${await response.text()}`);
}

/** As `encodeURIComponent`, which throws on lone surrogates; those become what a browser makes of them. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function anyFilter(random: Random): string {
  switch (random.int(0, 7)) {
    case 0:
      return hostileText(random, 5000);
    case 1:
      return random.pick(['(', '-(', '((', 'a or (', 'a and -(']).repeat(random.size(2000)) + group(random, 0);
    case 2:
    case 3:
      return `/${anyRegex(random)}/${random.pick(['', 'i', 'x', 'ii'])}`;
    case 4:
      // Many terms, each of which reads the whole line.
      return random
        .list(1, 300, () => random.pick([`/${anyRegex(random)}/`, '*a*', '"a"', 'a.b:>5', 'message:/a+$/']))
        .join(random.pick([' ', ' or ', ' and ']))
        .slice(0, 4096);
    default:
      return group(random, 0);
  }
}

function group(random: Random, depth: number): string {
  return random
    .list(1, depth > 3 ? 2 : 5, () => {
      const sign = random.chance(0.2) ? '-' : '';
      return sign + (random.chance(0.15) && depth < 6 ? `(${group(random, depth + 1)})` : term(random));
    })
    .join(random.pick([' ', ' and ', ' or ', ' OR ', '  ', '\t']));
}

const FIELDS = 'app level time status user.id fields.level message id receivedAt __proto__ a.b.c.d @t x-y'.split(' ');

function term(random: Random): string {
  const field = random.chance(0.5) ? `${random.pick(FIELDS)}:` : '';
  const pattern = random.pick([
    'error',
    'err*',
    '*rr*',
    '*',
    '"two words"',
    '"open',
    '>500',
    '>=',
    '<=2026-11-20',
    '>"a b"',
    '/a+/',
    '/open',
    '/(/',
    '(a)',
    '-5',
    '1e5',
    'ünï',
    '\ud83d',
    '::',
    '\\',
    '"\\"',
    hostileText(random, 30),
  ]);
  return field + pattern;
}

/** The classics, and what hurts automata: counted repetitions, alternations that keep many states alive. */
const CATASTROPHES = [
  '(a+)+$',
  '(a*)*b',
  '(a|aa)+$',
  '(a|a?)+$',
  '(.*a){30}',
  '(.*)*z',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '(?:a?){100}a{100}',
  '[ab].{12}$',
  'a.{300}[cd]',
  'a.{900}[cd]',
  '[aé].{0,450}[cd]',
  '(.{0,20}[aé]){20}[cd]',
  '(?i)[aé](é|日|a|b){0,200}[cd]',
  '((a{0,5}){0,5}){0,5}b',
  '\\b(a+)+\\b$',
  '([^é]*a){100}[cd]',
  '.*.*.*.*=.*',
  '(?:(?:(?:a{1,10}){1,10}){1,10}){1,10}',
  'a{1000}{1000}',
  '(?=a)b',
  '(a)\\1',
  '\\p{L}+\\P{L}$',
] as const;

function anyRegex(random: Random): string {
  if (random.chance(0.5)) return random.pick(CATASTROPHES);
  const atom = (depth: number): string => {
    const piece = random.pick([
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '\\s',
      'é',
      '\\d',
      '\\b',
      '^',
      '$',
      '\\x{1f600}',
      '[',
      ')',
    ]);
    const inner = depth < 4 && random.chance(0.4) ? `(${sequence(depth + 1)})` : piece;
    return inner + random.pick(['', '', '', '*', '+', '?', '{2,30}', '{40}', '{0,200}', '*?', '{', '{9999}']);
  };
  const sequence = (depth: number): string => random.list(1, 4, () => atom(depth)).join(random.pick(['', '', '|']));
  return sequence(0).replaceAll('/', '\\/');
}
