import { expect, test } from 'vitest';
import { linesOf } from '../lines.fixture.ts';
import { FlywatchLogger } from './flywatch-logger.ts';

const { log, lines } = linesOf({ level: 'trace', callSite: false });
const nest = new FlywatchLogger(log);
const last = () => lines.at(-1)!;

test('the last text is the context, which becomes the name of the logger', () => {
  nest.log('Mapped {/orders, GET} route', 'RouterExplorer');
  expect(last()).toMatchObject({ level: 'INFO', logger: 'RouterExplorer', message: 'Mapped {/orders, GET} route' });
  nest.log('no context');
  expect(last()).toMatchObject({ logger: 'test' });
});

test.each([
  ['verbose', 'DEBUG'],
  ['debug', 'DEBUG'],
  ['log', 'INFO'],
  ['warn', 'WARNING'],
  ['error', 'ERROR'],
  ['fatal', 'CRITICAL'],
] as const)('%s is %s', (method, level) => {
  nest[method]('message');
  expect(last()).toMatchObject({ level, message: 'message' });
});

test('the text of a stack, or an error, is the exception', () => {
  const error = new Error('the stock is unknown');
  nest.error('failed', error.stack, 'Orders');
  expect(last()).toMatchObject({ logger: 'Orders', message: 'failed', exception: { traceback: error.stack } });
  nest.error('failed', error.stack);
  expect(last()).toMatchObject({ logger: 'test', message: 'failed', exception: { traceback: error.stack } });
  nest.error(error, 'Orders');
  expect(last()).toMatchObject({ logger: 'Orders', message: 'the stock is unknown' });
  nest.error('failed', undefined, 'Orders');
  expect(last()).toMatchObject({ logger: 'Orders', message: 'failed' });
});

test('objects beside the message are context', () => {
  nest.warn('slow', { ms: 812 }, 'Db');
  expect(last()).toMatchObject({ logger: 'Db', context: { ms: 812 } });
  nest.warn('slow', { ms: 812 }, 3, 'Db');
  expect(last()).toMatchObject({ logger: 'Db', context: { values: [{ ms: 812 }, 3] } });
});
