import { expect, test } from 'vitest';
import { checkRow } from '../store/figures.contract.ts';
import { healthStatus } from './health-status.ts';

const up = checkRow(1, 'http://a/', { details: '{"state":"up"}' });
const plain = checkRow(1, 'http://b/');
const slow = checkRow(1, 'http://c/', { details: '{"state":"degraded"}' });
const failed = checkRow(1, 'http://d/', { values: ['http://d/', 500, 3, false, 'status 500'] });

test.each([
  ['unknown', []],
  ['healthy', [up, plain]],
  ['degraded', [up, slow, plain]],
  ['unhealthy', [slow, failed, up]],
] as const)('%s: as bad as the worst address', (status, results) => {
  expect(healthStatus(results)).toBe(status);
});
