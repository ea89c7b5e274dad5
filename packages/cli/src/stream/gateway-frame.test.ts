import { expect, test } from 'vitest';
import { parseFrame } from './gateway-frame.ts';

test("a line is a record; instance and region of its meta are the record's own", () => {
  const frame = {
    id: 'm5x2k1q0-17',
    timestamp: '2026-02-05T18:13:38.000Z',
    level: 'warn',
    source: 'api',
    message: 'GET /api/users 404 12ms',
    meta: { statusCode: 404, instance: 'm1', region: 'fra' },
  };
  expect(parseFrame(JSON.stringify(frame))).toEqual({
    type: 'event',
    event: {
      id: 'm5x2k1q0-17',
      time: '2026-02-05T18:13:38.000Z',
      receivedAt: '2026-02-05T18:13:38.000Z',
      level: 'warn',
      message: 'GET /api/users 404 12ms',
      source: 'api',
      instance: 'm1',
      region: 'fra',
      fields: { statusCode: 404 },
    },
  });
});

test('a gap says how many lines are missing, where that is known', () => {
  expect(parseFrame('{"type":"gap","count":3,"reason":"lagged"}')).toMatchObject({ type: 'gap', count: 3 });
  expect(parseFrame('{"type":"gap","count":null,"reason":"restarted"}')).toMatchObject({
    count: null,
    reason: 'restarted',
  });
});

test('the answer to a ping', () => expect(parseFrame('{"type":"pong"}')).toEqual({ type: 'pong' }));

test.each([
  '',
  '[]',
  'null',
  '{"type":"new"}',
  '{"timestamp":"x","message":"y"}',
  '{"timestamp":1795169704,"message":7}',
])('%j is nothing that is known', (text) => expect(parseFrame(text)).toBeUndefined());
