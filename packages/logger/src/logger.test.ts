import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { linesOf } from './lines.fixture.ts';
import { openTelemetry } from './open-telemetry.ts';
import { addToContext, currentContext, withContext } from './request-context.ts';

const throwing = () => {
  throw new Error('no');
};

const AT = Date.parse('2026-02-08T20:30:00.007Z');

test('a line is logcore’s: timestamp, level, logger, message, context', () => {
  const { log, lines } = linesOf({ now: () => AT });
  log.info('User action', { user_id: 123 });
  expect(lines).toEqual([
    {
      timestamp: '2026-02-08T20:30:00.007Z',
      level: 'INFO',
      logger: 'test',
      message: 'User action',
      context: { user_id: 123 },
    },
  ]);
});

test('the six levels have logcore’s names, and those below the logger’s are not written', () => {
  const { log, lines } = linesOf({ level: 'trace', callSite: false });
  for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) log[level](level);
  expect(lines.map(({ level }) => level)).toEqual(['DEBUG', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL']);
  log.level = 'error';
  log.warn('not written');
  log.log('error', 'written');
  expect(lines).toHaveLength(7);
  expect([log.isEnabled('warn'), log.isEnabled('fatal')]).toEqual([false, true]);
});

test('message, context and error come in any order that people are used to', () => {
  const { log, lines } = linesOf();
  const error = new Error('card declined');
  log.error('failed', error, { order: 1 });
  log.error('failed', { order: 1 }, error);
  log.error({ order: 1 }, 'failed', error);
  log.error('failed', { order: 1, err: error });
  log.error('failed', { order: 1, error });
  for (const line of lines) {
    expect(line).toMatchObject({ message: 'failed', context: { order: 1 }, exception: { message: 'card declined' } });
    expect(line.context).toEqual({ order: 1 });
  }
  log.error(error);
  log.error(error, 'and why');
  expect(lines.slice(5).map(({ message }) => message)).toEqual(['card declined', 'and why']);
});

test('an exception has type, message, traceback, what it carries, and its causes', () => {
  class CardError extends Error {
    readonly code = 'declined';
  }
  const { log, lines } = linesOf();
  log.error('failed', new CardError('card', { cause: new TypeError('gateway', { cause: 'the line is cut' }) }));
  expect(lines[0]!.exception).toEqual({
    type: 'CardError',
    message: 'card',
    traceback: expect.stringMatching(/^Error: card\n {4}at /),
    details: { code: 'declined' },
    cause: {
      type: 'TypeError',
      message: 'gateway',
      traceback: expect.stringContaining('gateway'),
      cause: { type: 'string', message: 'the line is cut' },
    },
  });
});

test('errors that are their own cause, have none of an error, or many in one, are described', () => {
  const { log, lines } = linesOf();
  const loop = new Error('loop');
  loop.cause = loop;
  log.error('a', loop);
  log.error('b', new AggregateError([new Error('first'), new Error('second')], 'both'));
  log.error('c', Object.defineProperty(new Error('x'), 'bad', { enumerable: true, get: throwing }));
  expect(lines[0]!.exception.cause).toBeUndefined();
  expect(lines[1]!.exception).toMatchObject({
    cause: { message: 'first' },
    details: { errors: ['Error: first', 'Error: second'] },
  });
  expect(lines[2]!.exception.message).toBe('x');
});

test('a child has its fields in each line; what comes later wins, and no name is there twice', () => {
  const { log, lines } = linesOf({ context: { app: 'shop' } });
  const child = log.child({ request: 'r1', step: 1 }).child({ step: 2 });
  child.info('one', { item: 3 });
  child.info('two', { step: 3 });
  expect(lines.map(({ context }) => context)).toEqual([
    { app: 'shop', request: 'r1', step: 2, item: 3 },
    { app: 'shop', request: 'r1', step: 3 },
  ]);
  const named = child.named('db');
  named.info('three');
  expect(lines[2]).toMatchObject({ logger: 'db', context: { step: 2 } });
});

test('the context of a request is in each line that it logs, across awaits, and in no other', async () => {
  const { log, lines } = linesOf();
  const request = (id: string) =>
    withContext({ requestId: id }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      addToContext({ user: `of ${id}` });
      log.info('done');
      return currentContext();
    });
  const contexts = await Promise.all([request('a'), request('b')]);
  expect(contexts).toEqual([
    { requestId: 'a', user: 'of a' },
    { requestId: 'b', user: 'of b' },
  ]);
  expect(lines.map(({ context }) => context)).toEqual(contexts);
  log.info('outside');
  expect(lines[2]!.context).toBeUndefined();
});

test('lines at debug say where they were logged', () => {
  const { log, lines } = linesOf({ level: 'debug' });
  function checkout(): void {
    log.debug('here');
  }
  checkout();
  log.info('not here');
  expect(lines[0]!.source).toMatchObject({ function: 'checkout', line: expect.any(Number) });
  expect(lines[0]!.source!.file).toMatch(/logger\.test\.ts$/);
  expect(lines[1]!.source).toBeUndefined();
});

test('the ids of a trace are in the context under OpenTelemetry’s names', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  let isActive = true;
  const span = { spanContext: () => ({ traceId, spanId: '00f067aa0ba902b7', traceFlags: 1 }) };
  const { log, lines } = linesOf({ mixin: openTelemetry({ getActiveSpan: () => (isActive ? span : undefined) }) });
  log.info('in a span');
  isActive = false;
  log.info('outside');
  expect(lines[0]!.context).toEqual({ trace_id: traceId, span_id: '00f067aa0ba902b7', trace_flags: '01' });
  expect(lines[1]!.context).toBeUndefined();
});

test.each([
  [{ logfile: 'x' }, 'there is no option "logfile"; did you mean logFile?'],
  [{ level: 'loud' }, 'level is "loud"; expected one of trace, debug'],
  [{ maxFiles: -1 }, 'maxFiles is -1; expected a whole number of at least 0'],
  [{ hub: { url: 'logs.example.org' } }, 'a url in it such as https://'],
  [{ hub: { url: 'http://a', token: 'my secret' } }, 'a token in it of visible ASCII characters'],
  [{ destinations: [{}] }, 'a list of objects with a method `write`'],
  [{ redact: { paths: 'a' } }, 'paths and keys as lists of texts'],
])('a logger with %j is refused with the mistake and its remedy', (options, said) => {
  expect(() => linesOf(options as never)).toThrow(said);
  expect(() => linesOf(options as never)).not.toThrow('secret');
});

test('errors, maps and dates of another realm are what they are: in Jest those of Node itself come from one', () => {
  const { log, lines } = linesOf();
  const [error, map, date] = runInNewContext(`[new TypeError('far'), new Map([['a', 1]]), new Date(0)]`) as unknown[];
  log.error('failed', error as Error, { map, date });
  expect(lines[0]).toMatchObject({
    exception: { type: 'TypeError', message: 'far' },
    context: { map: { a: 1 }, date: '1970-01-01T00:00:00.000Z' },
  });
});

test('a destination or a mixin that throws costs the others nothing, and a value that throws is in the line', () => {
  const broken = { write: throwing };
  const lines: string[] = [];
  const { log } = linesOf({ destinations: [broken, { write: ({ line }) => lines.push(line) }], mixin: throwing });
  const mean = Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get: throwing });
  withContext({ requestId: 'r1' }, () => log.info('x', mean));
  log.info({ toString: null } as never, Symbol('x') as never);
  expect(JSON.parse(lines[0]!)).toMatchObject({ context: { requestId: 'r1', a: 1, b: '[unreadable: no]' } });
  expect(lines).toHaveLength(2);
});
