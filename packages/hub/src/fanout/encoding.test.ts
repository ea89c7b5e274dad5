import { expect, test } from 'vitest';
import { makeEvent } from '../buffer/event.fixture.ts';
import { Encoding } from './encoding.ts';

test('frames are kept by their bytes too: two thousand of the longest lines would be 500 MB', () => {
  const encoding = new Encoding('ws', 'flat', 'test0');
  const long = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 20; i++) encoding.frame(i, makeEvent(i + 1, long));
  expect(encoding.eventsEncoded).toBe(20);
  encoding.frame(19, makeEvent(20, long));
  expect(encoding.eventsEncoded).toBe(20);
  encoding.frame(0, makeEvent(1, long));
  expect(encoding.eventsEncoded).toBe(21);
});
