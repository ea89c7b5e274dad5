import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

const NAMES = ['interval', 'timeout', 'url', 'health_checks', 'log_files', 'headers'];

test.each([
  ['intervall', 'interval'],
  ['healthchecks', 'health_checks'],
  ['log-files', 'log_files'],
  ['ulr', 'url'],
  ['header', 'headers'],
  ['retention', undefined],
  ['x', undefined],
  ['', undefined],
])('%s is taken for %s', (written, meant) => {
  expect(nearestName(written, NAMES)).toBe(meant);
});
