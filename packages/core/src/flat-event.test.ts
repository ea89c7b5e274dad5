import { describe, expect, it } from 'vitest';
import { parseFlatEvent } from './flat-event.ts';

const EVENT = {
  id: '00kq3v0x9f2-h7c2d',
  time: '2026-11-20T10:15:02.252022967Z',
  receivedAt: '2026-11-20T10:15:02.300Z',
  level: 'error',
  message: 'upstream timed out',
};

describe('parseFlatEvent', () => {
  it('reads an event with nothing but what every event has', () => {
    expect(parseFlatEvent(JSON.stringify(EVENT))).toEqual(EVENT);
  });

  it('takes null for absent', () => {
    const event = parseFlatEvent(JSON.stringify({ ...EVENT, app: 'shop', region: null, fields: null, raw: null }));
    expect(event).toEqual({ ...EVENT, app: 'shop' });
    expect(Object.keys(event!)).not.toContain('region');
  });

  it('keeps keys that it does not know', () => {
    expect(parseFlatEvent(JSON.stringify({ ...EVENT, trace_id: 'abc' }))).toMatchObject({ trace_id: 'abc' });
  });

  it('does not let fields reach a prototype', () => {
    const event = parseFlatEvent(`{${JSON.stringify(EVENT).slice(1, -1)},"fields":{"__proto__":{"polluted":1}}}`)!;
    expect(Object.keys(event.fields!)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['not JSON', '{"id":'],
    ['null', 'null'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['no id', JSON.stringify({ ...EVENT, id: undefined })],
    ['an id that is none', JSON.stringify({ ...EVENT, id: '1700000000000' })],
    ['a level that is none', JSON.stringify({ ...EVENT, level: 'notice' })],
    ['a message that is no text', JSON.stringify({ ...EVENT, message: 5 })],
    ['no time', JSON.stringify({ ...EVENT, time: null })],
    ['an app that is no text', JSON.stringify({ ...EVENT, app: ['a'] })],
    ['fields that are no object', JSON.stringify({ ...EVENT, fields: [1] })],
  ])('refuses %s', (_name, json) => {
    expect(parseFlatEvent(json)).toBeUndefined();
  });
});
