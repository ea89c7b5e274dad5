/** The public names: whoever adds or takes one away does it here too. */

import { expect, test } from 'vitest';

test.each([
  [
    './index.ts',
    [
      'LoggerOptionsError',
      'addToContext',
      'currentContext',
      'getLogger',
      'labelsFromFly',
      'levelNamed',
      'logFormatProblem',
      'logHttp',
      'openTelemetry',
      'validateLogFormat',
      'withContext',
    ],
  ],
  ['./express.ts', ['logSockets', 'requestErrors', 'requestLogger']],
  ['./fastify.ts', ['addRequestHooks', 'requestLogger']],
  ['./gateway/index.ts', ['LogEmitter', 'LogFeed', 'LogGateway']],
  [
    './nestjs/index.ts',
    [
      'FlywatchLogger',
      'HttpLogInterceptor',
      'LOGGER',
      'LOGGING_OPTIONS',
      'LOG_FEED',
      'LogEmitter',
      'LogFeed',
      'LogGateway',
      'LoggingModule',
    ],
  ],
  ['./pino.ts', ['default']],
  ['./winston.ts', ['FlywatchTransport']],
])('%s', async (file, names) => {
  expect(Object.keys((await import(file)) as object).sort()).toEqual([...names].sort());
});
