/**
 * Messages of the bus: whatever comes over it is an event, once, in one frame of valid JSON, under the labels of its
 * subject, and the bus stays connected. Real envelopes, mutated; random bytes; deep and huge and odd JSON.
 */

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { deepJson, hostileText, hostileValue, mutateBytes } from './hostile.ts';
import { NatsPublisher } from './nats-publisher.ts';
import { Random } from './random.ts';
import { readSse, readWs } from './readers.ts';
import type { FuzzContext, Target } from './target.ts';

/** Messages and bytes under way at once: well below the ring, so that readers which keep up miss nothing. */
const WINDOW_MESSAGES = 2000;
const WINDOW_BYTES = 4 * 1024 * 1024;

/** How long readers may take for what is under way. */
const CATCH_UP_MS = 30_000;

/** The server's own limit is 1 MB. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

interface Sample {
  readonly encoding: 'json' | 'text' | 'base64';
  readonly payload: unknown;
}

const SAMPLES: readonly Buffer[] = readFileSync(new URL('../fixtures/fly-nats.ndjson', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const { encoding, payload } = JSON.parse(line) as Sample;
    if (encoding === 'json') return Buffer.from(JSON.stringify(payload));
    return Buffer.from(payload as string, encoding === 'text' ? 'utf8' : 'base64');
  })
  .filter((payload) => payload.length < 100_000);

export const natsPayloads: Target = { name: 'nats-payloads', share: 0.44, run };

async function run(context: FuzzContext): Promise<void> {
  const { cases, seed, tally, open, natsPort } = context;
  const before = (await open.getJson('/health')).messages_forwarded as number;
  const expectedApps: (string | undefined)[] = [];
  let seen = 0;
  const sse = await readSse(open.port, '?format=flat', (value) => {
    const wanted = expectedApps[seen++];
    const { app } = value as { app?: string };
    if (app !== wanted) tally.finding(`event ${seen - 1} has app ${app}, not ${wanted}`);
  });
  const ws = await readWs(open.port, '', () => {});
  const publisher = await NatsPublisher.connect(natsPort);
  const caughtUp = async () => {
    await publisher.flush();
    const deadline = performance.now() + CATCH_UP_MS;
    while (Math.min(sse.events, ws.events) < expectedApps.length && performance.now() < deadline && alive()) {
      await pause(2);
    }
  };
  const alive = () => open.isAlive && publisher.problem === undefined;

  let messages = 0;
  let bytes = 0;
  for (let index = 0; index < cases && alive(); index++) {
    const random = new Random(`${seed} nats-payloads ${index}`);
    const { subject, app, isLeftOut } = anySubject(random, index);
    const payload = anyPayload(random).subarray(0, MAX_PAYLOAD_BYTES);
    if (!isLeftOut) expectedApps.push(app);
    publisher.publish(subject, payload);
    tally.cases++;
    messages++;
    bytes += payload.length;
    if (messages < WINDOW_MESSAGES && bytes < WINDOW_BYTES) continue;
    const start = performance.now();
    await caughtUp();
    tally.took(performance.now() - start, `${messages} messages, ${Math.round(bytes / 1024)} KB, up to case ${index}`);
    messages = 0;
    bytes = 0;
  }
  await caughtUp();
  // A second event for one message would come late.
  await pause(200);

  const wanted = expectedApps.length;
  const forwarded = ((await open.getJson('/health')).messages_forwarded as number) - before;
  if (publisher.problem !== undefined) tally.finding(`the bus: ${publisher.problem}`);
  for (const [what, count] of [
    ['forwarded', forwarded],
    ['events over SSE', sse.events],
    ['events over WebSocket', ws.events],
  ] as const) {
    if (count !== wanted) tally.finding(`${count} ${what}, not ${wanted}`);
  }
  for (const problem of [...sse.problems, ...ws.problems]) tally.finding(problem);
  tally.outcomes.set('delivered once to each reader', Math.min(sse.events, ws.events));
  sse.stop();
  ws.stop();
  publisher.close();
}

/** Labels as DESIGN has them: the subject wins, and tokens that say nothing are no labels. */
function anySubject(random: Random, index: number): { subject: string; app: string | undefined; isLeftOut: boolean } {
  const usual = { subject: `logs.fz-${index}.ams.4d891d77b05118`, app: `fz-${index}`, isLeftOut: false };
  if (random.chance(0.8)) return usual;
  const app = random.pick([
    `fz-${index}`,
    `é-${index}`,
    '__proto__',
    'constructor',
    'x'.repeat(random.size(300) + 1),
    '-x-',
    '%00',
    '"quoted"',
    '{}',
    '\u2028',
    `fly-builder-${index}`,
  ]);
  const rest = random.pick(['', '.x', '.ams.x.y.z', '.unknown.null', '.😀.𝒜', '.a'.repeat(random.int(1, 60))]);
  return { subject: `logs.${app}${rest}`, app, isLeftOut: app.startsWith('fly-builder-') };
}

function anyPayload(random: Random): Buffer {
  switch (random.int(0, 11)) {
    case 0:
      return random.bytes(random.size(2000));
    case 1:
    case 2:
    case 3:
      return mutateBytes(random.pick(SAMPLES), random);
    case 4:
      return random.pick(SAMPLES);
    case 5:
      return Buffer.from(hostileText(random, 2000));
    case 6:
      return Buffer.from(JSON.stringify(hostileValue(random)) ?? '');
    case 7:
      return envelopeWith(random, JSON.stringify(hostileText(random, 500)));
    case 8:
      // An object of JSON inside the message, as loggers print it.
      return envelopeWith(random, JSON.stringify(JSON.stringify(hostileValue(random)) ?? ''));
    case 9:
      return Buffer.from(duplicateKeys(random));
    case 10:
      return random.chance(0.1) ? Buffer.from(deepJson(random)) : envelopeWith(random, escapes(random));
    default:
      return random.chance(0.02) ? hugeLine(random) : Buffer.from(`${' \t\r\n\ufeff'.slice(0, random.int(0, 5))}{}`);
  }
}

/** An envelope around a message that is JSON already. */
function envelopeWith(random: Random, message: string): Buffer {
  const time = JSON.stringify(
    random.pick<unknown>([
      '2026-11-20T10:15:02.252022967Z',
      'never',
      '',
      0,
      -1,
      1e20,
      null,
      {},
      '0000-00-00T00:00:00Z',
    ]),
  );
  const newline = random.pick(['', '\n', '\r\n', '\r']);
  return Buffer.from(
    `{"event":{"provider":"app"},${newline}"fly":{"app":{"instance":"x","name":"forged"},"region":"ams"},"host":"f442","log":{"level":"info"},"message":${message},"timestamp":${time}}`,
  );
}

function duplicateKeys(random: Random): string {
  const key = random.pick(['message', 'fly', 'log', 'timestamp', '__proto__', 'event']);
  const members = random.list(1, 40, () => `"${key}":${JSON.stringify(hostileValue(random)) ?? 'null'}`);
  return `{${members.join(',')}}`;
}

/** Strings of JSON whose escapes stand for what UTF-8 cannot say. */
function escapes(random: Random): string {
  const pieces = [
    '\\ud800',
    '\\udc00',
    '\\u0000',
    '\\u001b[31m',
    '\\n',
    '\\u2028',
    'a',
    '=',
    '\\"',
    '\\\\',
    '\\ud83d\\ude00',
  ];
  return `"${random.list(0, 60, () => random.pick(pieces)).join('')}"`;
}

function hugeLine(random: Random): Buffer {
  const length = random.pick([65_536, 262_144, 262_145, 600_000, 1_000_000]);
  const unit = random.pick(['a', 'é', '😀', '\x1b[0m', '{', '"', 'k=v ', '\u0000']);
  const text = unit.repeat(Math.floor(length / Buffer.byteLength(unit)));
  return random.chance(0.5) ? Buffer.from(text) : envelopeWith(random, JSON.stringify(text));
}
