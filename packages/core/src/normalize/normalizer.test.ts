import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FORMATS, renderEvent, renderFlat } from '../renderings.ts';
import { type Envelope, Normalizer } from './normalizer.ts';

const now = Date.UTC(2026, 10, 20, 12, 0, 0);
const bus: Envelope = { app: 'acme-web', region: 'iad', instance: '4d891d77b05118', wins: true };
const http: Envelope = { wins: false };

function setup(maxLineBytes = 262_144) {
  let position = 1000;
  const normalizer = new Normalizer({
    hub: 'test0',
    nextPosition: () => ++position,
    maxLineBytes,
    maxParsedChars: maxLineBytes * 8,
  });
  return (payload: unknown, envelope: Envelope = bus) =>
    normalizer.fromPayload(typeof payload === 'string' ? payload : JSON.stringify(payload), envelope, now);
}

const flat = (event: ReturnType<ReturnType<typeof setup>>) => JSON.parse(renderFlat(event)) as Record<string, unknown>;

const samples = readFileSync(new URL('../../../../test/fixtures/fly-nats.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { case: string; subject: string; encoding: string; payload: unknown });

test.each(samples.map((sample) => [sample.case, sample] as const))(
  'the sample %s becomes an event, in every rendering one line of JSON',
  (_, sample) => {
    const text =
      sample.encoding === 'base64'
        ? Buffer.from(String(sample.payload), 'base64').toString('utf8')
        : sample.encoding === 'json'
          ? JSON.stringify(sample.payload)
          : String(sample.payload);
    const event = setup()(text);
    expect(event.message).toBeTypeOf('string');
    for (const format of FORMATS) {
      const line = renderEvent(event, format);
      expect(line).not.toMatch(/[\r\n]/);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  },
);

/** Case of the fixture, and what its flat record has to say. */
const expectations: [string, Record<string, unknown>][] = [
  [
    'app-plain',
    {
      level: 'info',
      message: 'Server listening on http://0.0.0.0:8080',
      provider: 'app',
      host: 'f442',
      time: '2026-11-20T10:15:02.252022967Z',
    },
  ],
  ['app-error-line-is-info', { level: 'fatal' }],
  ['app-json-pino', { level: 'error', fields: expect.objectContaining({ responseTime: 41, msg: 'request errored' }) }],
  ['app-json-logcore', { level: 'error', source: 'payments.worker' }],
  ['app-json-severity-gcp', { level: 'error', time: '2026-11-20T10:15:05.901112223Z' }],
  ['app-logfmt-debug', { level: 'debug', fields: expect.objectContaining({ msg: 'checking docker activity' }) }],
  ['app-kernel-oom', { level: 'fatal' }],
  ['proxy-pm05', { level: 'error', provider: 'proxy' }],
  [
    'proxy-error-http-nested',
    { level: 'error', fields: expect.objectContaining({ error: expect.objectContaining({ code: 2001 }) }) },
  ],
  ['proxy-error-message-empty', { message: 'could not make HTTP request to instance: connection error: timed out' }],
  ['missing-log', { level: 'info' }],
  ['missing-message', { message: '' }],
  ['message-object', { level: 'error', message: '{"msg":"already decoded","level":"error"}' }],
  ['flat-shape', { level: 'error', message: 'boom', time: '2026-11-20T10:36:03Z' }],
  ['level-warning', { level: 'warn' }],
  ['level-Error', { level: 'error' }],
  ['level-notice', { level: 'info' }],
  ['level-ERR', { level: 'error' }],
  ['level-null', { level: 'info' }],
  ['ts-2digits', { time: '2026-11-20T10:37:00.12Z' }],
  ['ts-space', { time: '2026-11-20T10:37:00Z' }],
  ['ts-epoch-ns-string', { time: '2026-11-20T10:37:00.123456789Z' }],
  ['ts-empty', { time: '2026-11-20T12:00:00.000Z', fields: { _time: 'received' } }],
  [
    'ts-future',
    { time: '2026-11-20T12:00:00.000Z', fields: { _time: 'received', _time_given: '2099-01-01T00:00:00Z' } },
  ],
  ['ts-1970', { fields: { _time: 'received', _time_given: '1970-01-01T00:00:00Z' } }],
  ['json-override', { app: 'acme-web', level: 'fatal', time: '2026-11-20T10:39:10Z' }],
  ['json-truncated-message', { level: 'info', message: '{"level":"error","msg":"cut off in the mid' }],
  ['plain-text-payload', { message: 'hello world', level: 'info', fields: { _time: 'received' } }],
  ['empty-payload', { message: '' }],
  ['json-array-payload', { message: '[{"message":"batched"}]' }],
  ['non-utf8-payload', { message: 'caf\uFFFD\uFFFD latin1' }],
  ['large-line-70k', { level: 'info' }],
];

test.each(expectations)('%s is read as %j', (name, expected) => {
  const sample = samples.find((candidate) => candidate.case === name)!;
  const text =
    sample.encoding === 'base64'
      ? Buffer.from(String(sample.payload), 'base64').toString('utf8')
      : sample.encoding === 'json'
        ? JSON.stringify(sample.payload)
        : String(sample.payload);
  const record = flat(setup()(text));
  expect(record).toMatchObject(expected);
});

test('a payload is sent on verbatim, key order, spacing and odd numbers included', () => {
  const payload = '{ "z":1.0, "message":"x","a":12345678901234567890 }';
  expect(renderEvent(setup()(payload), 'fly')).toBe(payload);
  expect(renderEvent(setup()('{"message":\n"x"}\r\n'), 'fly')).toBe('{"message": "x"} ');
  expect(renderEvent(setup()('42'), 'fly')).toBe('42');
  expect(JSON.parse(renderEvent(setup()('\uFEFF{"message":"bom"}'), 'fly'))).toEqual({ message: 'bom' });
});

test('what is no JSON goes out in an envelope of its own', () => {
  expect(JSON.parse(renderEvent(setup()('ERROR: disk full'), 'fly'))).toEqual({
    event: { provider: 'app' },
    fly: { app: { instance: '4d891d77b05118', name: 'acme-web' }, region: 'iad' },
    host: null,
    log: { level: 'error' },
    message: 'ERROR: disk full',
    timestamp: '2026-11-20T12:00:00.000Z',
    fields: { _time: 'received' },
  });
});

test('a line over the limit is cut on a character, marked, and not sent verbatim', () => {
  const event = setup(1024)({ message: `${'a'.repeat(1022)}😀😀`, fly: {} });
  expect(event.message).toBe('a'.repeat(1022));
  expect(event.message.isWellFormed()).toBe(true);
  expect(event.fields._truncated).toBe(1026);
  expect(JSON.parse(renderEvent(event, 'fly')).message).toBe(event.message);
});

/** One line in each shape that may be posted, and what becomes of it. */
const shapes: [string, unknown, Record<string, unknown>][] = [
  [
    'pino',
    { level: 40, time: now - 5, pid: 7, hostname: 'web-1', name: 'api', msg: 'slow', ms: 812 },
    {
      level: 'warn',
      message: 'slow',
      host: 'web-1',
      source: 'api',
      fields: { pid: 7, ms: 812 },
      time: '2026-11-20T11:59:59.995Z',
    },
  ],
  [
    'bunyan',
    { name: 'api', hostname: 'web-1', pid: 7, level: 50, msg: 'boom', time: '2026-11-20T11:00:00.000Z', v: 0 },
    { level: 'error', message: 'boom', source: 'api', host: 'web-1', fields: { pid: 7 } },
  ],
  [
    'winston',
    { level: 'warn', message: 'low', timestamp: '2026-11-20T11:00:00.000Z', disk: 91 },
    { level: 'warn', message: 'low', fields: { disk: 91 } },
  ],
  [
    'structured',
    {
      timestamp: '2026-11-20T11:00:00.000Z',
      level: 'info',
      source: 'api',
      message: 'GET /',
      meta: { statusCode: 200 },
    },
    { source: 'api', fields: { statusCode: 200 } },
  ],
  [
    'logcore',
    {
      timestamp: '2026-11-20T11:00:00.123456Z',
      level: 'CRITICAL',
      logger: 'pay',
      message: 'no',
      context: { order: 1 },
      exception: { type: 'E' },
    },
    {
      level: 'fatal',
      source: 'pay',
      fields: { order: 1, exception: { type: 'E' } },
      time: '2026-11-20T11:00:00.123456Z',
    },
  ],
  [
    'natstream',
    { message: 'ERROR x', timestamp: now, type: 'log', persistent: false },
    { level: 'error', message: 'ERROR x', time: '2026-11-20T12:00:00.000Z' },
  ],
  [
    'flat',
    {
      id: '0hocxf5vj2p-2ntfi',
      time: '2026-11-20T11:00:00Z',
      receivedAt: '2026-11-20T11:00:01Z',
      level: 'debug',
      message: 'm',
      app: 'a',
      fields: { x: 1, _time: 'received' },
    },
    { level: 'debug', app: 'a', fields: { x: 1 } },
  ],
  [
    'fly',
    {
      event: { provider: 'app' },
      fly: { app: { name: 'a', instance: 'i' }, region: 'r' },
      host: 'h',
      log: { level: 'info' },
      message: 'm',
      timestamp: '2026-11-20T11:00:00Z',
    },
    { app: 'a', instance: 'i', region: 'r', host: 'h' },
  ],
  [
    'the API of Fly',
    {
      id: '1',
      type: 'log',
      attributes: {
        timestamp: '2026-11-20T10:37:00.123456789Z',
        message: 'm',
        level: 'warn',
        instance: 'i',
        region: 'iad',
        meta: { event: { provider: 'proxy' } },
      },
    },
    { message: 'm', level: 'warn', provider: 'proxy' },
  ],
  ['plain text', 'WARN disk', { level: 'warn', message: 'WARN disk', fields: { _time: 'received' } }],
  [
    'zap',
    { level: 'error', ts: 1_795_171_020.5, caller: 'm.go:1', msg: 'boom' },
    { level: 'error', message: 'boom', time: '2026-11-20T10:37:00.5Z', fields: { caller: 'm.go:1' } },
  ],
  [
    'any object',
    { foo: 1, severity: 'ERROR' },
    { level: 'error', message: '{"foo":1,"severity":"ERROR"}', fields: { foo: 1 } },
  ],
];

test.each(shapes)('%s is recognised by its shape', (_, line, expected) => {
  expect(flat(setup()(line, http))).toMatchObject(expected);
});

test('parameters of a request fill what a line does not say, and override nothing', () => {
  const event = setup()({ level: 30, time: now, msg: 'x', app: 'mine' }, { app: 'theirs', region: 'fra', wins: false });
  expect(event).toMatchObject({ app: 'mine', region: 'fra' });
});

test('a line cannot call itself demo traffic, and cannot forge the hub’s own notes', () => {
  const event = setup()({ demo: true, message: 'x', fly: {}, timestamp: '2026-11-20T11:00:00Z' });
  expect(event.demo).toBe(false);
  expect(event.fields.demo).toBeUndefined();
});

test('an event that was fetched after the fact says so, and a line cannot say it of itself', () => {
  expect(setup()({ message: 'x', fly: {} }, { wins: true, backfilled: true }).fields._backfilled).toBe(true);
  const record = { time: '2026-11-20T11:00:00Z', message: 'x', fields: { _backfilled: true, a: 1 } };
  expect(setup()(record, http).fields).toEqual({ a: 1 });
});

test('the level that a logger gave stands, whatever words its message begins with', () => {
  expect(setup()({ level: 30, time: now, msg: 'Error pages rendered' }, http).level).toBe('info');
});

test('what a structure takes in memory is counted, however short its text is', () => {
  const event = setup()(`{"message":"x","a":[${'{},'.repeat(300)}{}]}`);
  expect(event.structureChars).toBeGreaterThan(300 * 32);
  expect(setup()('plain text, with, commas').structureChars).toBe(0);
});

test('an absurd time of any length is noted by its beginning', () => {
  const event = setup()(JSON.stringify({ message: 'x', timestamp: 'T'.repeat(5000) }));
  expect(event.fields._time_given).toBe('T'.repeat(256));
});
