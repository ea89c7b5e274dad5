import { expect, test } from 'vitest';
import { HttpError } from '../errors.ts';
import { parseRows } from './parse-rows.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 10);

const METRICS = { timestamp: '2026-11-20T09:59:00.5Z', vps_name: 'vps-1', app_name: 'shop', cpu_percent: 12.5 };
const CHECK = {
  timestamp: '2026-11-20T09:59:00Z',
  vps_name: 'vps-1',
  app_name: 'shop',
  url: 'http://a/',
  success: true,
};

const texts = (...rows: unknown[]) => rows.map((row) => JSON.stringify(row));

test('columns are taken as they are, missing ones are null, and what has no column is kept as details', async () => {
  const figures = { cpu: { per_core: [1, 2] } };
  expect(await parseRows('metrics', texts({ ...METRICS, load_avg_1m: null, figures, id: 7 }), NOW_MS)).toEqual([
    {
      timeMs: NOW_MS - 59_500,
      vps: 'vps-1',
      app: 'shop',
      values: [12.5, null, null, null, null, null, null, null],
      details: JSON.stringify({ figures, id: 7 }),
    },
  ]);
  expect((await parseRows('checks', texts({ ...CHECK, status_code: 204 }), NOW_MS))[0]).toMatchObject({
    values: ['http://a/', 204, null, true, null],
    details: null,
  });
});

test('a time may be Unix time, without a zone as Observ writes it, or missing, which is now', async () => {
  const timed = async (timestamp: unknown) => {
    const [row] = await parseRows('metrics', texts({ ...METRICS, timestamp }), NOW_MS);
    return row!.timeMs;
  };
  expect([await timed('2026-11-20T09:00:00.123456'), await timed(NOW_MS / 1000 - 5), await timed(undefined)]).toEqual([
    NOW_MS - 3_600_000 + 123,
    NOW_MS - 5000,
    NOW_MS,
  ]);
});

test.each([
  [
    'metrics',
    { ...METRICS, vps_name: undefined },
    'row 2: vps_name: is missing; expected a text of 1 to 256 characters',
  ],
  ['metrics', { ...METRICS, app_name: ' ' }, 'row 2: app_name: " " cannot be used; expected a text'],
  ['metrics', { ...METRICS, app_name: 'x'.repeat(257) }, `row 2: app_name: "${'x'.repeat(59)}… cannot be used`],
  ['metrics', { ...METRICS, cpu_percent: '12' }, 'row 2: cpu_percent: "12" cannot be used; expected a number or null'],
  ['metrics', { ...METRICS, timestamp: 'soon' }, 'row 2: timestamp: "soon" cannot be used; expected a time'],
  ['metrics', { ...METRICS, timestamp: '2027-01-01T00:00:00Z' }, 'the clock of the host may be wrong'],
  ['metrics', [METRICS], 'an array has to come with Content-Type: application/json'],
  [
    'metrics',
    { ...METRICS, figures: 'x'.repeat(140_000) },
    'row 2: figures: 140002 characters; expected at most 131072',
  ],
  ['checks', { ...CHECK, url: undefined }, 'row 2: url: is missing'],
  ['checks', { ...CHECK, success: null }, 'row 2: success: null cannot be used; expected true or false'],
  ['checks', { ...CHECK, status_code: 200.5 }, 'row 2: status_code: 200.5 cannot be used; expected a whole number'],
  ['checks', { ...CHECK, error_message: 'x'.repeat(4097) }, 'expected a text of at most 4096 characters'],
] as const)('a bad row of %s is named with its field and value: %#', async (kind, row, message) => {
  const refusal = await parseRows(kind, texts(kind === 'metrics' ? METRICS : CHECK, row), NOW_MS).catch(
    (error: Error) => error,
  );
  expect(refusal).toBeInstanceOf(HttpError);
  expect((refusal as Error).message).toContain(message);
  expect((refusal as Error).message).toContain('nothing of the batch was taken');
});
