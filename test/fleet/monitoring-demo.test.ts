/** examples/monitoring-demo.ts, run as its head says. */

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { logFormatProblem } from '@flywatch/logger';
import { expect, test } from 'vitest';

const repository = fileURLToPath(new URL('../../', import.meta.url));

interface Line {
  readonly level: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly exception?: Readonly<Record<string, unknown>>;
}

test('the demo logs, measures and checks, a line of logcore’s format each, and ends by itself', async () => {
  const { stdout } = await promisify(execFile)('node', ['examples/monitoring-demo.ts'], { cwd: repository });
  const texts = stdout.trimEnd().split('\n');
  expect(texts.map(logFormatProblem)).toEqual(texts.map(() => undefined));
  const lines = texts.map((text) => JSON.parse(text) as Line);
  const line = (message: string) => lines.find((one) => one.message === message)!;
  expect(line('User action')).toMatchObject({ level: 'INFO', logger: 'monitoring_demo', context: { user_id: 123 } });
  expect(line('Payment failed')).toMatchObject({
    level: 'ERROR',
    context: { order_id: 456 },
    exception: { type: 'Error', message: 'the card for order 456 was declined', traceback: expect.anything() },
  });
  const { context } = line('System metrics');
  for (const name of ['cpu_percent', 'memory_percent', 'disk_percent', 'load_avg_1m'])
    expect(context[name], name).toEqual(expect.any(Number));
  expect(line('Health check passed').context).toMatchObject({ status_code: 200, success: true });
  expect(line('Health check failed').context).toMatchObject({
    status_code: 200,
    success: false,
    error_message: expect.stringContaining('database'),
  });
});
