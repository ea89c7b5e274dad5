import { expect, it } from 'vitest';
import * as client from './index.ts';

it('exports these names', () => {
  expect(Object.keys(client).sort()).toEqual([
    'HubError',
    'HubUnreachableError',
    'SseParser',
    'createHubClient',
    'describeFailure',
    'tail',
  ]);
});
